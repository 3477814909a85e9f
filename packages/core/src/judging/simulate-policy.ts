import { allowsMxHost } from "@waxseal/mta-sts";
import { countFailed, type PolicyResult } from "@waxseal/tls-rpt";
import { wilsonBounds } from "./wilson-bounds.ts";

/** A trusted report about the domain; `reportDay` as `YYYY-MM-DD`. */
export type TrustedReport = {
  reporter: string;
  reportDay: string;
  policies: readonly (Pick<
    PolicyResult,
    "policyType" | "successfulSessions" | "failedSessions" | "failureDetails"
  > & { mxHostPatterns: readonly string[] })[];
};

/** Sessions that enforcement would have refused for one reason at one MX host; null: the report names no host. */
export type RefusalCause = {
  resultType: string;
  mxHost: string | null;
  sessions: number;
  reporters: string[];
  firstDay: string;
  lastDay: string;
  /** Seen on one of the last days with sessions. */
  continuing: boolean;
};

/** What enforcing would have refused of the sessions in reports. Shares are between 0 and 1, null without sessions. */
export type PolicySimulation = {
  reportDays: number;
  reporters: string[];
  sessions: number;
  refusedSessions: number;
  refusedShare: number | null;
  refusedShareAtMost: number | null;
  causes: RefusalCause[];
  withoutPolicySessions: number;
};

/** A cause that was not seen on these many last days with sessions is over. */
const OVER_AFTER_DAYS = 5;

/** The cause of failures at a host that the candidate policy does not allow. */
export const NOT_IN_POLICY = "not-in-policy";

/**
 * Replays trusted reports against a candidate policy in mode enforce: which sessions a sender would have refused.
 *
 * Only failures under an `sts` policy count, and of them those that enforcement refuses: no STARTTLS, a certificate fault, a failed
 * validation. A sender that could not fetch the policy had none and delivered; DANE failures are refused whatever the mode. A host that
 * the sender's older policy lacked and the candidate allows is no longer refused. Details need not add up, so a report never refuses
 * more sessions than it counts as failed. Successes are not known per MX host: the share is one of connections, an upper bound of
 * mail lost.
 *
 * RFC 8460 §4.3, §4.4; RFC 8461 §4, §5
 */
export function simulatePolicy(
  reports: readonly TrustedReport[],
  candidate: { mx: readonly string[] },
): PolicySimulation {
  const causes = new Map<string, RefusalCause>();
  const daysWithSessions = new Set<string>();
  let sessions = 0;
  let refusedSessions = 0;
  let withoutPolicySessions = 0;
  for (const report of reports) {
    for (const policy of report.policies) {
      const failed = countFailed(policy) ?? 0;
      const all = (policy.successfulSessions ?? 0) + failed;
      if (policy.policyType === "no-policy-found") withoutPolicySessions += all;
      if (policy.policyType !== "sts") continue;
      if (all > 0) daysWithSessions.add(report.reportDay);
      sessions += all;
      refusedSessions += addCauses(causes, report, policy, failed, candidate.mx);
    }
  }
  const lastDays = [...daysWithSessions].sort().slice(-OVER_AFTER_DAYS);
  const firstOfLastDays = lastDays[0] ?? "";
  return {
    reportDays: new Set(reports.map(({ reportDay }) => reportDay)).size,
    reporters: [...new Set(reports.map(({ reporter }) => reporter))].sort(),
    sessions,
    refusedSessions,
    refusedShare: sessions > 0 ? refusedSessions / sessions : null,
    refusedShareAtMost: sessions > 0 ? wilsonBounds(refusedSessions, sessions).high : null,
    causes: [...causes.values()]
      .map((cause) => ({ ...cause, continuing: cause.lastDay >= firstOfLastDays }))
      .sort((a, b) => b.sessions - a.sessions || (a.lastDay < b.lastDay ? 1 : -1)),
    withoutPolicySessions,
  };
}

/** Adds what one policy of a report names; returns how many of its sessions would have been refused. */
function addCauses(
  causes: Map<string, RefusalCause>,
  { reporter, reportDay }: TrustedReport,
  policy: TrustedReport["policies"][number],
  failed: number,
  mx: readonly string[],
): number {
  let named = 0;
  for (const { resultType, receivingMxHost, failedSessions } of policy.failureDetails) {
    const mxHost = receivingMxHost === null ? null : receivingMxHost.toLowerCase().replace(/\.$/, "");
    const isAllowed = mxHost === null || allowsMxHost(mx, mxHost);
    if (isAllowed && !isRefused(resultType)) continue;
    if (!isAllowed && !isDeliveryFailure(resultType)) continue;
    if (isAllowed && mxHost !== null && wasNotInPolicy(policy.mxHostPatterns, mxHost)) continue;
    const counted = failedSessions ?? Math.max(1, failed);
    named += counted;
    const cause = isAllowed ? resultType : NOT_IN_POLICY;
    const key = `${cause} ${mxHost ?? ""}`;
    const known = causes.get(key);
    causes.set(key, {
      resultType: cause,
      mxHost,
      sessions: (known?.sessions ?? 0) + counted,
      reporters: [...new Set([...(known?.reporters ?? []), reporter])].sort(),
      firstDay: known && known.firstDay < reportDay ? known.firstDay : reportDay,
      lastDay: known && known.lastDay > reportDay ? known.lastDay : reportDay,
      continuing: false,
    });
  }
  return Math.min(named, failed);
}

/** Whether a sender that enforces would not have delivered over this session. RFC 8461 §5 */
function isRefused(resultType: string): boolean {
  return (
    resultType === "starttls-not-supported" ||
    resultType === "validation-failure" ||
    resultType.startsWith("certificate-")
  );
}

/** Whether the policy that the sender held lacked the host; false when the report does not say what it held. */
function wasNotInPolicy(heldPatterns: readonly string[], mxHost: string): boolean {
  return heldPatterns.length > 0 && !allowsMxHost(heldPatterns, mxHost);
}

/** Whether the session reached an MX host at all, so that the host's place in the policy matters. */
function isDeliveryFailure(resultType: string): boolean {
  return !/^(sts-|dane-|tlsa-|dnssec-)/.test(resultType);
}
