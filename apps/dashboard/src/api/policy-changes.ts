import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { PolicyChangeListView, PolicyChangeView, PolicyLineListView } from "./contract.ts";
import type { PortfolioFilter } from "./customers.ts";
import { inAccount, type Scope } from "./in-account.ts";

export type PolicyEdit = PolicyChangeView["edit"];

/** As the lists of domains have it. */
export type ChangeFilter = PortfolioFilter;

/** Small enough that progress moves. */
const STEP_DOMAINS = 5;
/** How often a page reads again what a worker applies. */
const WAVES_MS = 15_000;

const isApplied = (change: PolicyChangeView | undefined) =>
  change?.goesOn && change.endedAt === null ? WAVES_MS : false;

export const policyChangesQuery = queryOptions({
  queryKey: ["policy-changes"],
  queryFn: (scope) => inAccount(scope).list<PolicyChangeListView>("/policy-changes"),
});

export const policyChangeQuery = (changeId: string) =>
  queryOptions({
    queryKey: ["policy-changes", changeId],
    queryFn: (scope) => inAccount(scope).get<PolicyChangeView>(path(changeId)),
    refetchInterval: ({ state }) => isApplied(state.data),
  });

export const policyLinesQuery = (changeId: string, change: PolicyChangeView) =>
  queryOptions({
    queryKey: ["policy-changes", changeId, "lines"],
    queryFn: (scope) => inAccount(scope).list<PolicyLineListView>(path(changeId, "/lines")),
    placeholderData: keepPreviousData,
    refetchInterval: isApplied(change),
  });

export function prepareChange(
  body: { edit: PolicyEdit } & (
    | { domainIds: readonly string[] }
    | { filter: ChangeFilter; exceptIds?: readonly string[]; expected?: number }
  ),
  scope: Scope,
) {
  return inAccount(scope).post<PolicyChangeView>("/policy-changes", body);
}

/**
 * Applies a prepared change step by step and calls `onStep` after each; ends early when the signal says so, and where the next wave has to wait.
 * @throws ApiError when a step failed; those before it are done
 */
export async function applyChange(
  changeId: string,
  options: { onStep: (change: PolicyChangeView) => void; signal: AbortSignal },
  scope: Scope,
): Promise<void> {
  for (let isEnded = false; !isEnded && !options.signal.aborted; ) {
    const change = await inAccount(scope).post<PolicyChangeView>(path(changeId, "/continue"), {
      limit: STEP_DOMAINS,
    });
    isEnded = change.endedAt !== null || change.nextWaveAt !== null;
    options.onStep(change);
  }
}

/** Prepares the way back to the policies before a change. */
export function revertChange(changeId: string, scope: Scope) {
  return inAccount(scope).post<PolicyChangeView>(path(changeId, "/revert"));
}

export function stopChange(changeId: string, scope: Scope) {
  return inAccount(scope).post<PolicyChangeView>(path(changeId, "/stop"));
}

function path(changeId: string, rest = ""): string {
  return `/policy-changes/${encodeURIComponent(changeId)}${rest}`;
}
