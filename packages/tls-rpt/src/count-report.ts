import type { FailureDetail, PolicyResult, TlsReport } from "./tls-report.ts";

/**
 * Sessions a reporter saw under one policy type of one domain, and how they failed.
 *
 * `successfulSessions` and `failedSessions` are what the report states under this type; `counted…` is the part of them
 * that adds to the domain's figures, which is less where `sts` and `tlsa` list the same sessions.
 *
 * RFC 8460 §4.4
 */
export type PolicyCounts = {
  policyType: string;
  successfulSessions: number;
  failedSessions: number;
  countedSuccessful: number;
  countedFailed: number;
  failures: FailureCounts[];
};

/**
 * Sessions that failed in one way, between one sending address and one MX host, under one policy type.
 *
 * `countedSessions` is `failedSessions`, or 0 where another policy type lists the same failure with at least as many.
 * RFC 8460 §4.4
 */
export type FailureCounts = {
  resultType: string;
  sendingMtaIp: string | null;
  receivingMxHost: string | null;
  failureReasonCode: string | null;
  policyType: string;
  failedSessions: number;
  countedSessions: number;
};

/**
 * What one report counts for one domain; `policyDomain` is `null` when the report names none.
 *
 * `byPolicy` has one element a policy type, in the order of the report. `failures` are those elements' failures that count.
 * RFC 8460 §4.4
 */
export type DomainCounts = {
  policyDomain: string | null;
  successfulSessions: number;
  failedSessions: number;
  byPolicy: PolicyCounts[];
  failures: FailureCounts[];
};

/** Result type of failed sessions for which a report gives no reason at all. */
export const NO_REASON = "unspecified";

/** Result type of failed sessions that share several reasons, none of which has a count of its own. */
export const SEVERAL_REASONS = "several-reasons";

/**
 * The numbers of a report, one element a policy domain, in the order of the report.
 *
 * - Elements of one policy type are different sessions and add up (a policy changed during the day, one `tlsa` element
 *   for each MX host). All types but `sts` and `tlsa` add to everything.
 * - A reporter may list the same sessions under `sts` and under `tlsa` (Microsoft does): of these two the larger sum
 *   counts, of successful sessions, failed sessions and each failure.
 * - Failed sessions of an element are {@link countFailed}. Failures that no detail explains get a row of their own:
 *   {@link NO_REASON}, or what details without a count have in common.
 *
 * `countedSuccessful` and `countedFailed` of `byPolicy` add up to the domain's figures. `failures` add up to at least its
 * failed sessions, and to more where one session failed in several ways. A failure without failed sessions is left out.
 * Counts are clamped to `Number.MAX_SAFE_INTEGER`. Never throws.
 *
 * RFC 8460 §1.1, RFC 8460 §4, RFC 8460 §4.4
 */
export function countReport(report: Pick<TlsReport, "policies">): DomainCounts[] {
  const byDomain = groupBy(report.policies, ({ policyDomain }) => policyDomain);
  return [...byDomain].map(([policyDomain, policies]) => countDomain(policyDomain, policies));
}

/**
 * Failed sessions of one policy result: the stated total, or the largest of its details where that is more.
 * A detail without a count counts as at least one session. `null` when neither is known.
 */
export function countFailed(
  policy: Pick<PolicyResult, "failedSessions"> & {
    failureDetails: readonly Pick<FailureDetail, "failedSessions">[];
  },
): number | null {
  if (policy.failedSessions === null && policy.failureDetails.length === 0) return null;
  return policy.failureDetails.reduce(
    (most, { failedSessions }) => Math.max(most, failedSessions ?? 1),
    policy.failedSessions ?? 0,
  );
}

type TypeCounts = Omit<PolicyCounts, "failures"> & {
  byKey: Map<string, FailureCounts>;
  /** Failed sessions without any reason. */
  unexplained: number;
};

/** As `Map.groupBy`, which Node 20 lacks. */
function groupBy<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function countDomain(policyDomain: string | null, policies: readonly PolicyResult[]): DomainCounts {
  const byType = [...groupBy(policies, ({ policyType }) => policyType)].map(([policyType, sameType]) =>
    countType(policyType, sameType),
  );
  const sts = byType.find(({ policyType }) => policyType === "sts");
  const tlsa = byType.find(({ policyType }) => policyType === "tlsa");
  const noReason = byType.map(toNoReason);
  if (sts && tlsa) {
    countOverlap(sts, tlsa);
    shareNoReason(sts, tlsa, noReason);
  }
  const byPolicy = byType.map(({ byKey, unexplained: _unexplained, ...counts }, index) => ({
    ...counts,
    failures: [...byKey.values(), ...noReason.slice(index, index + 1)].filter(
      ({ failedSessions }) => failedSessions > 0,
    ),
  }));
  return {
    policyDomain,
    successfulSessions: byPolicy.reduce((sum, each) => addCounts(sum, each.countedSuccessful), 0),
    failedSessions: byPolicy.reduce((sum, each) => addCounts(sum, each.countedFailed), 0),
    byPolicy,
    failures: byPolicy.flatMap(({ failures }) =>
      failures.filter(({ countedSessions }) => countedSessions > 0),
    ),
  };
}

function countType(policyType: string, policies: readonly PolicyResult[]): TypeCounts {
  const counts = {
    policyType,
    successfulSessions: 0,
    failedSessions: 0,
    byKey: new Map<string, FailureCounts>(),
    unexplained: 0,
  };
  for (const policy of policies) {
    const failed = countFailed(policy) ?? 0;
    counts.successfulSessions = addCounts(counts.successfulSessions, policy.successfulSessions ?? 0);
    counts.failedSessions = addCounts(counts.failedSessions, failed);
    const left = failed - addDetails(counts.byKey, policy);
    if (left <= 0) continue;
    const shared = describeUncounted(policy.failureDetails);
    if (shared) addFailure(counts.byKey, shared, policyType, left);
    else counts.unexplained = addCounts(counts.unexplained, left);
  }
  const { successfulSessions, failedSessions } = counts;
  return { ...counts, countedSuccessful: successfulSessions, countedFailed: failedSessions };
}

/** Adds a policy's details, and returns how many failed sessions they explain. */
function addDetails(byKey: Map<string, FailureCounts>, policy: PolicyResult): number {
  let detailed = 0;
  for (const detail of policy.failureDetails) {
    detailed = addCounts(detailed, detail.failedSessions ?? 0);
    addFailure(byKey, detail, policy.policyType, detail.failedSessions ?? 0);
  }
  return detailed;
}

type FailureKey = Pick<
  FailureDetail,
  "resultType" | "sendingMtaIp" | "receivingMxHost" | "failureReasonCode"
>;

function addFailure(
  rows: Map<string, FailureCounts>,
  { resultType, sendingMtaIp, receivingMxHost, failureReasonCode }: FailureKey,
  policyType: string,
  sessions: number,
): void {
  // Texts of a parsed report hold no line breaks, so that one can separate them.
  const key = `${resultType}\n${sendingMtaIp ?? ""}\n${receivingMxHost ?? ""}\n${failureReasonCode ?? ""}`;
  const known = rows.get(key);
  if (known) {
    known.failedSessions = addCounts(known.failedSessions, sessions);
    known.countedSessions = known.failedSessions;
    return;
  }
  rows.set(key, {
    // A sender's own word must not read as if there were no reason.
    resultType: resultType === NO_REASON ? "unknown" : resultType,
    sendingMtaIp,
    receivingMxHost,
    failureReasonCode,
    policyType,
    failedSessions: sessions,
    countedSessions: sessions,
  });
}

/** What the details without a count have in common; `undefined` when no detail lacks one. */
function describeUncounted(details: readonly FailureDetail[]): FailureKey | undefined {
  const unknown = details.filter(({ failedSessions }) => failedSessions === null);
  const hasCount = details.some(({ failedSessions }) => (failedSessions ?? 0) > 0);
  const uncounted = unknown.length > 0 || hasCount ? unknown : details;
  const [first] = uncounted;
  if (!first) return undefined;
  const shared = (pick: (detail: FailureDetail) => string | null) =>
    uncounted.every((detail) => pick(detail) === pick(first)) ? pick(first) : null;
  const resultType = shared((detail) => detail.resultType);
  return {
    resultType: resultType ?? SEVERAL_REASONS,
    sendingMtaIp: shared((detail) => detail.sendingMtaIp),
    receivingMxHost: shared((detail) => detail.receivingMxHost),
    failureReasonCode:
      resultType === null ? listReasons(uncounted) : shared((detail) => detail.failureReasonCode),
  };
}

const MAX_REASONS = 5;

function listReasons(details: readonly FailureDetail[]): string {
  const reasons = [...new Set(details.map(({ resultType }) => resultType))];
  const named = reasons.slice(0, MAX_REASONS).join(", ");
  return reasons.length > MAX_REASONS ? `${named} and ${reasons.length - MAX_REASONS} more` : named;
}

function toNoReason({ policyType, unexplained }: TypeCounts): FailureCounts {
  return {
    resultType: NO_REASON,
    sendingMtaIp: null,
    receivingMxHost: null,
    failureReasonCode: null,
    policyType,
    failedSessions: unexplained,
    countedSessions: unexplained,
  };
}

/** Two lists of the same sessions: the larger figure counts, and the first one where both are equal. */
function countOverlap(sts: TypeCounts, tlsa: TypeCounts): void {
  if (tlsa.successfulSessions > sts.successfulSessions) sts.countedSuccessful = 0;
  else tlsa.countedSuccessful = 0;
  if (tlsa.failedSessions > sts.failedSessions) sts.countedFailed = 0;
  else tlsa.countedFailed = 0;
  for (const [key, failure] of sts.byKey) {
    const other = tlsa.byKey.get(key);
    if (!other) continue;
    if (other.failedSessions > failure.failedSessions) failure.countedSessions = 0;
    else other.countedSessions = 0;
  }
}

/** A reason that one of the two lists gives explains the same sessions of the other. */
function shareNoReason(sts: TypeCounts, tlsa: TypeCounts, noReason: readonly FailureCounts[]): void {
  const explained = Math.max(...[sts, tlsa].map((each) => each.failedSessions - each.unexplained));
  for (const each of [sts, tlsa]) {
    const row = noReason.find(({ policyType }) => policyType === each.policyType);
    if (!row) continue;
    row.failedSessions = Math.max(0, each.failedSessions - explained);
    row.countedSessions = each.countedFailed > 0 ? row.failedSessions : 0;
  }
}

function addCounts(a: number, b: number): number {
  return Math.min(a + b, Number.MAX_SAFE_INTEGER);
}
