import { type FoundStsRecord, findStsRecord } from "@waxseal/mta-sts";
import { findTlsRptRecord } from "@waxseal/tls-rpt";
import { type CheckFinding, findingOf } from "./check-finding.ts";
import type { DnsAnswer } from "./dns-answer.ts";

type TxtAnswer = DnsAnswer<readonly string[]>;

/** What was found at a name that should hold one TXT record. */
export type CheckedRecord = {
  readonly name: string;
  /** The record's text when there is exactly one good record. */
  readonly text: string | undefined;
  /** CNAME targets on the way. */
  readonly cnames: readonly string[];
};

const RECORD_CODES = {
  "no-record": "record-missing",
  "misspelled-version": "record-misspelled",
  "several-records": "record-several",
  "bad-syntax": "record-bad-syntax",
} as const satisfies Record<Extract<FoundStsRecord, { ok: false }>["reason"], string>;

/** Judges the TXT answer of `_mta-sts.<domain>`. RFC 8461 §3.1 */
export function judgeStsRecord(
  name: string,
  answer: TxtAnswer,
): { record: CheckedRecord & { id: string | undefined }; findings: CheckFinding[] } {
  const { cnames } = answer;
  const findings =
    cnames.length > 0 ? [findingOf("record-delegated", `${name} points to ${cnames.join(", then ")}.`)] : [];
  const none = { name, text: undefined, id: undefined, cnames };
  if (isServerTrouble(answer)) {
    return { record: none, findings: [...findings, findingOf("record-dns-failed", answer.detail)] };
  }
  if ("missing" in answer && cnames.length > 0) {
    const finding = findingOf(
      "record-dangling-cname",
      `${name} points to ${cnames.at(-1)}, which has no TXT record.`,
    );
    return { record: none, findings: [...findings, finding] };
  }
  const found = findStsRecord("found" in answer ? answer.found : []);
  if (!found.ok) {
    const seen = found.texts.slice(0, 3).map((text) => `"${text.slice(0, 100)}"`);
    const message =
      seen.length > 0 ? `${found.problem} Seen: ${seen.join(", ")}.` : `There is no record at ${name}.`;
    return { record: none, findings: [...findings, findingOf(RECORD_CODES[found.reason], message)] };
  }
  const record = { name, text: found.text, id: found.id, cnames };
  const warnings = found.warnings.map(({ message }) => findingOf("record-advice", message));
  return {
    record,
    findings: [...findings, findingOf("record-ok", `The policy id is ${found.id}.`), ...warnings],
  };
}

/** Judges the TXT answer of `_smtp._tls.<domain>`. RFC 8460 §3 */
export function judgeTlsRptRecord(
  name: string,
  answer: TxtAnswer,
): { record: CheckedRecord & { rua: readonly string[] }; findings: CheckFinding[] } {
  const { cnames } = answer;
  const none = { name, text: undefined, rua: [], cnames };
  if (isServerTrouble(answer))
    return { record: none, findings: [findingOf("tls-rpt-dns-failed", answer.detail)] };
  const found = findTlsRptRecord("found" in answer ? answer.found : []);
  if (!found.ok) {
    const code = found.code === "no-record" ? "tls-rpt-missing" : "tls-rpt-bad";
    return { record: none, findings: [findingOf(code, found.problem)] };
  }
  const { text, rua } = found;
  const where = rua.slice(0, 5).map((uri) => uri.slice(0, 200));
  return {
    record: { name, text, rua, cnames },
    findings: [
      findingOf("tls-rpt-ok", `Reports go to ${where.join(" and ")}.`),
      ...found.warnings.map(({ message }) => findingOf("tls-rpt-advice", message)),
    ],
  };
}

function isServerTrouble<T>(answer: DnsAnswer<T>): answer is Extract<DnsAnswer<T>, { missing: string }> {
  return "missing" in answer && answer.missing !== "no-domain" && answer.missing !== "no-record";
}
