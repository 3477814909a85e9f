import type { FailureDetail, PolicyResult, TlsReport } from "./tls-report.ts";

/** Sessions a reporter saw under one policy type of one domain, and how they failed. RFC 8460 §4.4 */
export type PolicyCounts = {
  policyType: string;
  successfulSessions: number;
  failedSessions: number;
  failures: FailureCounts[];
};

/**
 * Sessions that failed in one way, between one sending address and one MX host.
 *
 * `policyType` is the policy under which most of them were reported. RFC 8460 §4.4
 */
export type FailureCounts = {
  resultType: string;
  sendingMtaIp: string | null;
  receivingMxHost: string | null;
  failureReasonCode: string | null;
  policyType: string;
  failedSessions: number;
};

/**
 * What one report counts for one domain.
 *
 * `byPolicy` has one element a policy type, `failures` one a combination of result type, sending address, MX
 * host and reason code; both in the order of the report. An element of `failures` is the one among those of its policy type. `policyDomain` is `null` when the report names none.
 * RFC 8460 §4.4
 */
export type DomainCounts = {
  policyDomain: string | null;
  successfulSessions: number;
  failedSessions: number;
  byPolicy: PolicyCounts[];
  failures: FailureCounts[];
};

/**
 * The numbers of a report, one element a policy domain, in the order of the report.
 *
 * A reporter may list the same sessions under several policies of a domain (Microsoft: `sts` and `tlsa`),
 * so figures are the **maximum over its policies, never the sum**:
 * - all sessions: the policy with most of them;
 * - failed sessions: the policy with most failures, so that no failure hides behind a larger policy that had
 *   none; successful ones are the rest. When policies tie on all sessions, the one with more failures decides;
 * - a policy type, where a type occurs twice: the same rule among its policies;
 * - a failure: details that agree in everything but the receiving address are added up within a policy, and
 *   the policy with most of them counts, the earlier one in a tie.
 *
 * So `byPolicy` and `failures` may add up to more than the domain's figures. A failure without failed sessions
 * is left out. Counts are clamped to `Number.MAX_SAFE_INTEGER`. Never throws.
 *
 * RFC 8460 §4, RFC 8460 §4.4
 */
export function countReport(report: Pick<TlsReport, "policies">): DomainCounts[] {
  const byDomain = new Map<string | null, PolicyResult[]>();
  for (const policy of report.policies) {
    const policies = byDomain.get(policy.policyDomain);
    if (policies) policies.push(policy);
    else byDomain.set(policy.policyDomain, [policy]);
  }
  return [...byDomain].map(([policyDomain, policies]) => countDomain(policyDomain, policies));
}

function countDomain(policyDomain: string | null, policies: readonly PolicyResult[]): DomainCounts {
  const counted = policies.map((policy) => ({ policy, failures: countPolicyFailures(policy) }));
  const byType = Map.groupBy(counted, ({ policy }) => policy.policyType);
  return {
    policyDomain,
    ...countSessions(policies),
    byPolicy: [...byType].map(([policyType, sameType]) => ({
      policyType,
      ...countSessions(sameType.map(({ policy }) => policy)),
      failures: pickLargest(sameType.map(({ failures }) => failures)),
    })),
    failures: pickLargest(counted.map(({ failures }) => failures)),
  };
}

type Sessions = { successfulSessions: number; failedSessions: number };

function countSessions(policies: readonly Sessions[]): Sessions {
  let allSessions = 0;
  let failedSessions = 0;
  for (const policy of policies) {
    allSessions = Math.max(allSessions, addCounts(policy.successfulSessions, policy.failedSessions));
    failedSessions = Math.max(failedSessions, policy.failedSessions);
  }
  return { successfulSessions: allSessions - failedSessions, failedSessions };
}

/** Of each failure the count of the policy that has most of it. */
function pickLargest(byPolicy: readonly Map<string, FailureCounts>[]): FailureCounts[] {
  const [only, ...others] = byPolicy;
  if (only && others.length === 0) return [...only.values()].filter((failure) => failure.failedSessions > 0);
  const most = new Map<string, FailureCounts>();
  for (const failures of byPolicy) {
    for (const [key, failure] of failures) {
      if (failure.failedSessions > (most.get(key)?.failedSessions ?? 0)) most.set(key, failure);
    }
  }
  return [...most.values()];
}

function countPolicyFailures(policy: PolicyResult): Map<string, FailureCounts> {
  const failures = new Map<string, FailureCounts>();
  for (const detail of policy.failureDetails) {
    const key = failureKey(detail);
    const known = failures.get(key);
    if (known) {
      known.failedSessions = addCounts(known.failedSessions, detail.failedSessions);
      continue;
    }
    const { resultType, sendingMtaIp, receivingMxHost, failureReasonCode, failedSessions } = detail;
    const { policyType } = policy;
    failures.set(key, {
      resultType,
      sendingMtaIp,
      receivingMxHost,
      failureReasonCode,
      policyType,
      failedSessions,
    });
  }
  return failures;
}

// Texts of a parsed report hold no line breaks, so that one can separate them.
function failureKey(detail: FailureDetail): string {
  const { resultType, sendingMtaIp, receivingMxHost, failureReasonCode } = detail;
  return `${resultType}\n${sendingMtaIp ?? ""}\n${receivingMxHost ?? ""}\n${failureReasonCode ?? ""}`;
}

function addCounts(a: number, b: number): number {
  return Math.min(a + b, Number.MAX_SAFE_INTEGER);
}
