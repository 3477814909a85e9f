import type { PolicyFindingCode } from "@waxseal/mta-sts";
import { MX_CHECKS } from "./mx-checks.ts";
import { POLICY_CHECKS } from "./policy-checks.ts";
import { RECORD_CHECKS } from "./record-checks.ts";

/** `error`: senders cannot use it, or mail is at stake; `warning`: some senders, or soon; `note`: worth knowing; `ok`: as it should be. */
export type CheckSeverity = "error" | "warning" | "note" | "ok";

/** The part of the set-up that a finding is about. */
export type CheckArea = "domain" | "record" | "policy" | "certificate" | "mx" | "tls-rpt";

/** Every kind of finding but those about single lines of the policy. */
export type CheckCode = keyof typeof CHECKS | `policy-line-${PolicyFindingCode}`;

/** One thing found out about a domain; `message` is what was seen, `fix` what to do (empty when nothing). */
export type CheckFinding = {
  readonly code: CheckCode;
  readonly area: CheckArea;
  readonly severity: CheckSeverity;
  readonly rfc: string;
  readonly message: string;
  readonly fix: string;
  /** The MX host it is about. */
  readonly mxHost?: string;
};

/** One check: what a finding of it says unless the case at hand says otherwise. */
export type Check = { area: CheckArea; severity: CheckSeverity; rfc: string; fix: string };

/** All checks: what each is about, how much it matters, where it is written, and what to do. */
export const CHECKS = { ...RECORD_CHECKS, ...POLICY_CHECKS, ...MX_CHECKS };

/** A finding of a check in the table; `severity` and `fix` stand in for those of the table when given. */
export function findingOf(
  code: keyof typeof CHECKS,
  message: string,
  changes: Partial<Pick<CheckFinding, "severity" | "fix" | "mxHost">> = {},
): CheckFinding {
  return { code, ...CHECKS[code], message, ...changes };
}
