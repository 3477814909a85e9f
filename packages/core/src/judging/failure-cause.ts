import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { KnownMxHost } from "./judge-domain.ts";
import type { RefusalCause } from "./simulate-policy.ts";

/** What an alert about a cause of failures is about. */
export function subjectOf({ resultType, mxHost }: Pick<RefusalCause, "resultType" | "mxHost">): string {
  return `${resultType} ${mxHost ?? ""}`.trim();
}

/** Whether all hosts that a cause names passed a test after its last failure. */
export function isOver({ mxHost, lastDay }: RefusalCause, mxHosts: readonly KnownMxHost[]): boolean {
  const endOfDay = new Date(`${lastDay}T00:00:00Z`).getTime() + DAY_MS;
  const named = mxHosts.filter((host) => mxHost === null || host.mxHost === mxHost);
  return (
    named.length > 0 &&
    named.every(({ state, probedAt }) => state === "good" && probedAt.getTime() >= endOfDay)
  );
}
