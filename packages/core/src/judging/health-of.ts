import type { HealthState } from "@waxseal/contract";
import type { Finding, JudgedFacts } from "./judge-domain.ts";

/** How a domain is doing: one value with the worst finding; null without one. */
export type Health = { state: HealthState; worst: Finding | null };

/**
 * The health of a domain from its findings: what holds back mail first, then what soon will, then what the owner has to do.
 *
 * A pending domain without a finding waits for its owner's DNS until all of it is published, and is ours to work on from then.
 */
export function healthOf(findings: readonly Finding[], facts: JudgedFacts): Health {
  if (facts.status === "left") return { state: "off", worst: null };
  const judged = findings.map((finding) => ({ finding, state: stateOf(finding, facts) }));
  for (const state of ["mail-failing", "at-risk", "needs-action"] as const) {
    const worst = judged.find((one) => one.state === state)?.finding;
    if (worst) return { state, worst };
  }
  return { state: quietState(facts), worst: null };
}

/** Whether a finding says that something is wrong with the domain, and not only what its owner may want to know. */
export function countsForHealth(finding: Finding, facts: JudgedFacts): boolean {
  return stateOf(finding, facts) !== null;
}

function stateOf({ code, severity, evidence }: Finding, { mode, status }: JudgedFacts): HealthState | null {
  switch (code) {
    case "failures.up":
      return "mail-failing";
    case "mx.badTls":
      return evidence.hasOthers ? "at-risk" : "mail-failing";
    case "mx.uncovered":
      return mode === "enforce" ? "mail-failing" : "at-risk";
    case "mx.expiring":
    case "dane.broken":
    case "reports.silent":
      return "at-risk";
    case "cname.wrong":
    case "cname.missing":
    case "publish.stuck":
    case "claim.lost":
      return "needs-action";
    case "failures.new":
    case "host.refused":
      return "at-risk";
    case "leave.state":
    case "mx.migration":
      return severity === "notice" ? null : "needs-action";
    case "mx.changed":
    case "reporter.silent":
    case "reports.none":
    case "reports.rejected":
    case "reports.forged":
      return null;
    case "host.certificate":
      return evidence.isExpired && status === "active" ? "at-risk" : "needs-action";
  }
}

function quietState({ status, records }: JudgedFacts): HealthState {
  if (status === "active") return "good";
  if (status === "leaving") return "working";
  const states = [records.policyHost.state, records.stsRecord.state];
  return states.some((state) => state === "missing" || state === "unreachable") ? "waiting" : "working";
}
