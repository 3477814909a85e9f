import {
  parseTlsRptRecord,
  type TlsRptRecord,
  type TlsRptRecordProblemCode,
} from "./parse-tls-rpt-record.ts";

/**
 * Why the TXT records at `_smtp._tls.<domain>` do not say where to send reports: the codes of one
 * record, and
 *
 * - `no-record`: no TXT record there is about TLS-RPT
 * - `misspelled-version`: one seems meant, but does not begin with exactly `v=TLSRPTv1;`
 * - `several-records`: more than one begins with `v=TLSRPTv1;`; senders then use none
 *
 * RFC 8460 §3
 */
export type FindTlsRptRecordProblemCode =
  | TlsRptRecordProblemCode
  | "no-record"
  | "misspelled-version"
  | "several-records";

/** What `findTlsRptRecord` answers; `text` is the record's strings joined. RFC 8460 §3 */
export type FindTlsRptRecordResult =
  | ({ ok: true; text: string } & TlsRptRecord)
  | { ok: false; code: FindTlsRptRecordProblemCode; problem: string };

/**
 * Picks the one TLS-RPT record among the TXT records found at `_smtp._tls.<domain>`.
 *
 * Each record is the list of its strings, as DNS answers it; strings are joined without spaces.
 * Records not beginning with `v=TLSRPTv1` and a semicolon are left out; exactly one must remain.
 * Blanks before that semicolon follow the grammar and give a warning. An empty list answers
 * `no-record`. Never throws.
 *
 * RFC 8460 §3
 */
export function findTlsRptRecord(txtRecords: readonly (readonly string[])[]): FindTlsRptRecordResult {
  const texts = txtRecords.map((strings) => strings.join(""));
  const [text, ...others] = texts.filter((candidate) => /^v=TLSRPTv1[ \t]*;/.test(candidate));
  if (text === undefined) return explainAbsence(texts);
  if (others.length > 0) {
    return {
      ok: false,
      code: "several-records",
      problem: `There are ${others.length + 1} TLS-RPT records; senders use none of them until only one is left.`,
    };
  }
  const result = parseTlsRptRecord(text);
  return result.ok ? { ...result, text } : result;
}

function explainAbsence(texts: readonly string[]): FindTlsRptRecordResult {
  if (texts.some((text) => /^\W*v\s*=\s*tls-?rpt/i.test(text))) {
    return {
      ok: false,
      code: "misspelled-version",
      problem:
        'The record must begin with exactly "v=TLSRPTv1;", without spaces or quotes before the semicolon.',
    };
  }
  return { ok: false, code: "no-record", problem: "There is no TLS-RPT record." };
}
