import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import type { MxHost } from "./draft-policy.ts";

/** What other resolvers than our first say of an answer; `none`: no other resolver answered. */
export type SecondOpinion = "agrees" | "disagrees" | "none";

/** MX hosts that DNS answered and that do not count yet, and since when it does. */
export type UncountedMx = { mxHosts: MxHost[]; since: Date };

/** An answer that does not count at once counts when it is still the same after this time. */
const CONFIRM_AFTER_MS = 10 * MINUTE_MS;

/**
 * Whether MX hosts that differ from the stored ones count now, or wait to be seen again.
 *
 * A change counts when a second opinion agrees, and with none when DNS says the same ten minutes later. That a domain has no mail host any more
 * is believed only when both hold: a zone that is being reloaded says so for a moment, at all its name servers. An answer that the
 * second opinion contradicts is forgotten.
 */
export function countMxAnswer(
  answer: readonly MxHost[],
  opinion: SecondOpinion,
  uncounted: UncountedMx | null,
  at: Date,
): { counts: boolean; uncounted: UncountedMx | null } {
  if (opinion === "disagrees") return { counts: false, uncounted: null };
  if (opinion === "agrees" && answer.length > 0) return { counts: true, uncounted: null };
  const before = uncounted && isSameMx(uncounted.mxHosts, answer) ? uncounted : null;
  if (before && at.getTime() - before.since.getTime() >= CONFIRM_AFTER_MS) {
    return { counts: true, uncounted: null };
  }
  return { counts: false, uncounted: before ?? { mxHosts: [...answer], since: at } };
}

/** Whether two answers name the same hosts; preferences and order do not matter. */
export function isSameMx(a: readonly MxHost[], b: readonly MxHost[]): boolean {
  return sortedNames(a) === sortedNames(b);
}

function sortedNames(hosts: readonly MxHost[]): string {
  return [...new Set(hosts.map(({ mxHost }) => mxHost))].sort().join(" ");
}
