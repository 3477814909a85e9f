/** How bad an alert is, worst first. */
export const SEVERITIES = ["critical", "warning", "notice"] as const;

/** One of `SEVERITIES`. */
export type Severity = (typeof SEVERITIES)[number];

/** The part of a stored alert that messages are made from. `evidence` is `FindingEvidence` as JSON. */
export type ChangedAlert = {
  accountId: string;
  id: string;
  condition: string;
  subject: string;
  domainId: string | null;
  severity: string;
  evidence: unknown;
};

/** What a judgement changed of an alert. `isKnown`: it was so before the domain was judged for the first time. */
export type AlertChange = {
  kind: "opened" | "resolved" | "severity";
  isKnown: boolean;
  alert: ChangedAlert;
};

/** The severity of that name; a name of none is the least. */
export function readSeverity(name: string): Severity {
  return SEVERITIES.find((severity) => severity === name) ?? "notice";
}

/** Whether `severity` is at least as bad as `least`. */
export function isAtLeast(severity: string, least: string): boolean {
  const rank = (name: string) => SEVERITIES.indexOf(readSeverity(name));
  return least !== "off" && rank(severity) <= rank(least);
}

/** The worst of some severities. */
export function worstOf(severities: readonly string[]): Severity {
  return SEVERITIES.find((severity) => severities.includes(severity)) ?? "notice";
}
