import { countReport, type DomainCounts, type FailureCounts, type PolicyResult } from "@waxseal/tls-rpt";
import { clipText } from "../../clip-text.ts";
import type { FailureRow, SessionRow } from "./understood-report.ts";

/** The figures of a report for one domain, as rows of the daily tables. */
export type DomainRows = {
  successfulSessions: number;
  failedSessions: number;
  sessionRows: SessionRow[];
  /** No two with the same dimensions. */
  failureRows: FailureRow[];
};

/** The result type of failures that a report counts without giving any detail. */
export const UNSPECIFIED = "unspecified";

/** A stranger's report must not fill the daily tables: what is beyond is added up by result type alone. */
const MAX_FAILURE_ROWS = 2_000;
const MAX_POLICY_TYPES = 20;

/** More sessions a day than anybody has; sums of such figures still fit the tables' 64 bits. */
const MAX_SESSIONS = 1_000_000_000_000;

/**
 * Counts the policies of one domain in a report.
 *
 * The row of the policy type with most sessions carries the domain's figures, so that `counted…` add up to totals over any
 * number of rows. Failures without detail become a row of their own, of type {@link UNSPECIFIED}.
 *
 * RFC 8460 §4.4
 */
export function countDomainRows(policies: readonly PolicyResult[]): DomainRows {
  const bounded = policies.map(boundPolicy);
  const types = new Set([...new Set(bounded.map((policy) => policy.policyType))].slice(0, MAX_POLICY_TYPES));
  const known = bounded.map((policy) =>
    types.has(policy.policyType) ? policy : { ...policy, policyType: "other" },
  );
  const [counts = NO_COUNTS] = countReport({ policies: known });
  const { byPolicy, successfulSessions, failedSessions, failures } = counts;
  const leading = byPolicy.reduce((most, each) => (allSessions(each) > allSessions(most) ? each : most));
  const sessionRows = byPolicy.map(({ failures: _failures, ...each }) => ({
    ...each,
    reports: each.policyType === leading.policyType ? 1 : 0,
    countedSuccessful: each.policyType === leading.policyType ? successfulSessions : 0,
    countedFailed: each.policyType === leading.policyType ? failedSessions : 0,
  }));
  const detailed = failures.reduce((sum, failure) => sum + failure.failedSessions, 0);
  const missing = failedSessions - detailed;
  const unspecified = {
    ...blank(leading.policyType, UNSPECIFIED),
    failedSessions: missing,
    countedFailed: missing,
  };
  const failureRows = toFailureRows(counts, missing > 0 ? [unspecified] : []);
  return { successfulSessions, failedSessions, sessionRows, failureRows };
}

/** Of a report without any policy. */
const NO_COUNTS: DomainCounts = {
  policyDomain: null,
  successfulSessions: 0,
  failedSessions: 0,
  byPolicy: [{ policyType: "unknown", successfulSessions: 0, failedSessions: 0, failures: [] }],
  failures: [],
};

function boundPolicy(policy: PolicyResult): PolicyResult {
  const { successfulSessions, failedSessions, failureDetails } = policy;
  const policyType = clipText(policy.policyType, 50);
  const isBounded =
    policyType === policy.policyType &&
    Math.max(successfulSessions, failedSessions) <= MAX_SESSIONS &&
    failureDetails.every((detail) => detail.failedSessions <= MAX_SESSIONS);
  if (isBounded) return policy;
  return {
    ...policy,
    policyType,
    successfulSessions: Math.min(successfulSessions, MAX_SESSIONS),
    failedSessions: Math.min(failedSessions, MAX_SESSIONS),
    failureDetails: failureDetails.map((detail) => ({
      ...detail,
      failedSessions: Math.min(detail.failedSessions, MAX_SESSIONS),
    })),
  };
}

function allSessions(row: { successfulSessions: number; failedSessions: number }): number {
  return row.successfulSessions + row.failedSessions;
}

/** What each policy type says on its own is kept beside what counts, which is the larger figure once. */
function toFailureRows({ byPolicy, failures }: DomainCounts, others: readonly FailureRow[]): FailureRow[] {
  const counted = new Set(failures);
  const rows: FailureRow[] = [];
  let mayCoincide = false;
  for (const { failures: ofType } of byPolicy) {
    for (const failure of ofType) {
      const row = toFailureRow(failure, counted.has(failure));
      mayCoincide ||=
        row.resultType === UNSPECIFIED ||
        row.resultType !== failure.resultType ||
        row.sendingMtaIp !== (failure.sendingMtaIp ?? "") ||
        row.mxHost !== (failure.receivingMxHost ?? "") ||
        row.reasonCode !== (failure.failureReasonCode ?? "");
      rows.push(row);
    }
  }
  if (!mayCoincide && rows.length <= MAX_FAILURE_ROWS) return [...rows, ...others];
  return mergeRows([...bound(mergeRows(rows)), ...others]);
}

function toFailureRow(failure: FailureCounts, isCounted: boolean): FailureRow {
  const { failedSessions } = failure;
  return {
    policyType: failure.policyType,
    resultType: clipText(failure.resultType, 100),
    sendingMtaIp: clipText(failure.sendingMtaIp ?? "", 64),
    mxHost: clipText(failure.receivingMxHost ?? "", 255),
    reasonCode: clipText(failure.failureReasonCode ?? "", 400),
    failedSessions,
    countedFailed: isCounted ? failedSessions : 0,
  };
}

function mergeRows(rows: readonly FailureRow[]): FailureRow[] {
  const merged = new Map<string, FailureRow>();
  for (const row of rows) addRow(merged, row);
  return [...merged.values()];
}

function addRow(rows: Map<string, FailureRow>, row: FailureRow): void {
  const key = [row.policyType, row.resultType, row.sendingMtaIp, row.mxHost, row.reasonCode].join("\n");
  const known = rows.get(key);
  if (!known) rows.set(key, row);
  else {
    known.failedSessions += row.failedSessions;
    known.countedFailed += row.countedFailed;
  }
}

function bound(rows: FailureRow[]): FailureRow[] {
  if (rows.length <= MAX_FAILURE_ROWS) return rows;
  const sorted = rows.toSorted((a, b) => b.failedSessions - a.failedSessions);
  const kept = sorted.slice(0, MAX_FAILURE_ROWS);
  const rest = new Map<string, FailureRow>();
  for (const row of sorted.slice(MAX_FAILURE_ROWS)) {
    const { failedSessions, countedFailed } = row;
    const resultType = rest.size < MAX_FAILURE_ROWS ? row.resultType : UNSPECIFIED;
    addRow(rest, { ...blank(row.policyType, resultType), failedSessions, countedFailed });
  }
  return [...kept, ...rest.values()];
}

function blank(policyType: string, resultType: string): Omit<FailureRow, "failedSessions" | "countedFailed"> {
  return { policyType, resultType, sendingMtaIp: "", mxHost: "", reasonCode: "" };
}
