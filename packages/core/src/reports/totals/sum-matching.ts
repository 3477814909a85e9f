import type { Context } from "../../context.ts";
import {
  type FailureSum,
  type SessionFigures,
  type SessionSum,
  type SessionSums,
  sumFailures,
  sumSessions,
} from "./query-daily-tables.ts";
import type { DailyFilter } from "./select-figures.ts";

/**
 * Sessions by a key. Of a question about some failures only the failed sessions that match are counted: senders name a result, a mail host
 * and their address for no others. `reports` and `byTrust` are of all sessions all the same, and no key is left out.
 */
export async function sumMatching(
  ctx: Context,
  filter: DailyFilter,
  key: "day" | "source" | "policy",
): Promise<SessionSums> {
  const { sums, byTrust } = await sumSessions(ctx, filter, key);
  if (!filter.failure) return { sums, byTrust };
  const failures = Map.groupBy(await sumFailures(ctx, filter, key), (sum) => sum.key);
  return { sums: sums.map((sum) => keepFailures(sum, failures.get(sum.key) ?? [])), byTrust };
}

function keepFailures(sum: SessionSum, failures: readonly FailureSum[]): SessionSum {
  const add = (pick: (failure: FailureSum) => number) =>
    failures.reduce((total, failure) => total + pick(failure), 0);
  const failed = add((failure) => failure.failed);
  const saidFailed = add((failure) => failure.saidFailed);
  const proven = add((failure) => failure.proven);
  return {
    key: sum.key,
    ...onlyFailed(sum.reports, failed, saidFailed),
    proven: onlyFailed(sum.proven.reports, proven, proven),
  };
}

function onlyFailed(reports: number, failed: number, saidFailed: number): SessionFigures {
  return { reports, successful: 0, failed, saidSuccessful: 0, saidFailed };
}
