import {
  countReport,
  type DomainCounts,
  type FailureCounts,
  type PolicyResult,
  SEVERAL_REASONS,
} from "@waxseal/tls-rpt";
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

/** A stranger's report must not fill the daily tables: what is beyond is added up by result type alone. */
const MAX_FAILURE_ROWS = 2_000;
const MAX_POLICY_TYPES = 20;

/** Most sessions per day that are counted. No domain has more, and sums of such figures still fit the tables' 64 bits. */
const MAX_SESSIONS = 1_000_000_000_000;

/**
 * Counts the policies of one domain in a report, by the rule of `countReport`.
 *
 * `counted…` of all rows add up to the domain's figures, so that totals over any number of rows are plain sums. `reports` is 1 in
 * one row, that of the policy type with most sessions.
 *
 * RFC 8460 §4.4
 */
export function countDomainRows(policies: readonly PolicyResult[]): DomainRows {
  const bounded = policies.map(boundPolicy);
  const types = new Set([...new Set(bounded.map((policy) => policy.policyType))].slice(0, MAX_POLICY_TYPES));
  // A tlsa policy is named for its MX host; all of them are about the one domain.
  const known = bounded.map((policy) => ({
    ...policy,
    policyDomain: null,
    policyType: types.has(policy.policyType) ? policy.policyType : "other",
  }));
  const [counts = NO_COUNTS] = countReport({ policies: known });
  const { byPolicy, successfulSessions, failedSessions } = counts;
  const leading = byPolicy.reduce((most, each) => (allSessions(each) > allSessions(most) ? each : most));
  const sessionRows = byPolicy.map(({ failures: _failures, ...each }) => ({
    ...each,
    reports: each.policyType === leading.policyType ? 1 : 0,
  }));
  return { successfulSessions, failedSessions, sessionRows, failureRows: toFailureRows(counts) };
}

/** Counts of a report without any policy. */
const NO_COUNTS: DomainCounts = {
  policyDomain: null,
  successfulSessions: 0,
  failedSessions: 0,
  byPolicy: [
    {
      policyType: "unknown",
      successfulSessions: 0,
      failedSessions: 0,
      countedSuccessful: 0,
      countedFailed: 0,
      failures: [],
    },
  ],
  failures: [],
};

function boundPolicy(policy: PolicyResult): PolicyResult {
  const { successfulSessions, failedSessions, failureDetails } = policy;
  const policyType = clipText(policy.policyType, 50);
  const isBounded =
    policyType === policy.policyType &&
    Math.max(successfulSessions ?? 0, failedSessions ?? 0) <= MAX_SESSIONS &&
    failureDetails.every((detail) => (detail.failedSessions ?? 0) <= MAX_SESSIONS);
  if (isBounded) return policy;
  return {
    ...policy,
    policyType,
    successfulSessions: boundCount(successfulSessions),
    failedSessions: boundCount(failedSessions),
    failureDetails: failureDetails.map((detail) => ({
      ...detail,
      failedSessions: boundCount(detail.failedSessions),
    })),
  };
}

function boundCount(sessions: number | null): number | null {
  return sessions === null ? null : Math.min(sessions, MAX_SESSIONS);
}

function allSessions(row: { successfulSessions: number; failedSessions: number }): number {
  return row.successfulSessions + row.failedSessions;
}

/** What each policy type says on its own is kept beside what counts. */
function toFailureRows({ byPolicy }: DomainCounts): FailureRow[] {
  const rows: FailureRow[] = [];
  let mayCoincide = false;
  for (const { failures } of byPolicy) {
    for (const failure of failures) {
      const row = toFailureRow(failure);
      mayCoincide ||=
        row.resultType !== failure.resultType ||
        row.sendingMtaIp !== (failure.sendingMtaIp ?? "") ||
        row.mxHost !== (failure.receivingMxHost ?? "") ||
        row.reasonCode !== (failure.failureReasonCode ?? "");
      rows.push(row);
    }
  }
  return !mayCoincide && rows.length <= MAX_FAILURE_ROWS ? rows : bound(mergeRows(rows));
}

function toFailureRow(failure: FailureCounts): FailureRow {
  return {
    policyType: failure.policyType,
    resultType: clipText(failure.resultType, 100),
    sendingMtaIp: clipText(failure.sendingMtaIp ?? "", 64),
    mxHost: clipText(failure.receivingMxHost ?? "", 255),
    reasonCode: clipText(failure.failureReasonCode ?? "", 400),
    failedSessions: failure.failedSessions,
    countedFailed: failure.countedSessions,
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
    const resultType = rest.size < MAX_FAILURE_ROWS ? row.resultType : SEVERAL_REASONS;
    addRow(rest, { ...blank(row.policyType, resultType), failedSessions, countedFailed });
  }
  return [...kept, ...rest.values()];
}

function blank(policyType: string, resultType: string): Omit<FailureRow, "failedSessions" | "countedFailed"> {
  return { policyType, resultType, sendingMtaIp: "", mxHost: "", reasonCode: "" };
}
