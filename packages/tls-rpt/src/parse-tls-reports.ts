import { toUtf8 } from "./decode-report-text.ts";
import { type ParseTlsReportOptions, parseTlsReport, type TlsReportResult } from "./parse-tls-report.ts";
import { type SplitTlsReports, splitTlsReports, type TextPiece } from "./split-tls-reports.ts";

/** The answer for each report in a text, in order; `line` is where it starts. */
export type ParsedTlsReports = {
  results: (TlsReportResult & { line: number })[];
  /** Text that belongs to none of the reports. */
  leftOver: TextPiece[];
};

/**
 * Reads all reports in a text: a single one as {@link parseTlsReport} does, several one after the other, one a line, or in a list.
 *
 * Each is answered for, also the broken ones: `problem` names the line in the whole text. There is always at least one answer.
 * Never throws; time and memory are bounded by the limits.
 *
 * RFC 8460 §4.4
 */
export function parseTlsReports(
  input: string | Uint8Array,
  options: ParseTlsReportOptions = {},
): ParsedTlsReports {
  const whole = parseTlsReport(input, options);
  if (!mayBeSeveral(whole)) return { results: [{ ...whole, line: 1 }], leftOver: [] };
  const text = typeof input === "string" ? new TextEncoder().encode(input) : toUtf8(input);
  const { documents, leftOver, isCutOff } = splitTlsReports(text);
  if (documents.length === 0 || (whole.ok && documents.length === 1)) {
    return { results: [{ ...whole, line: 1 }], leftOver };
  }
  const results = documents.map(({ start, end, line }) => ({
    ...parseTlsReport(text.subarray(start, end), { ...options, firstLine: line }),
    line,
  }));
  if (isCutOff && results.every(({ ok }) => ok)) results.push(cutOff(documents));
  return { results, leftOver };
}

/** Something follows the object, or the text is no object, or no JSON as a whole. */
function mayBeSeveral(whole: TlsReportResult): boolean {
  if (whole.ok) return whole.quirks.some(({ code }) => code === "trailing-garbage");
  return whole.code === "not-json" || whole.code === "not-an-object";
}

function cutOff(documents: SplitTlsReports["documents"]) {
  const line = documents.at(-1)?.line ?? 1;
  const problem =
    "The list of reports is not closed: the file was cut off, so reports may be missing at its end.";
  return { ok: false as const, code: "not-json" as const, problem, line };
}
