import type { Finding, JudgedFacts } from "../judging/judge-domain.ts";
import { RECORD_KINDS } from "../setup-names.ts";

/**
 * When the fact behind a condition was looked at; what is judged from stored figures is looked at now. Null: the last look got no answer. It
 * is as it was then, and counts neither as a bad look nor as a good one.
 */
export function lookOf(
  { code, subject }: Pick<Finding, "code" | "subject">,
  facts: JudgedFacts,
  now: Date,
): Date | null {
  if (code === "cname.missing" || code === "cname.wrong" || code === "leave.state") {
    const record = RECORD_KINDS.map((kind) => facts.records[kind]).find(({ name }) => name === subject);
    return record?.state === "unreachable" ? null : (record?.checkedAt ?? now);
  }
  if (code !== "dane.broken") return now;
  const host = facts.mxHosts.find(({ mxHost }) => mxHost === subject);
  return host?.dane === "unknown" ? null : (host?.probedAt ?? now);
}
