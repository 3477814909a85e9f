import { DAY_MS, HOUR_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import type { MxLooks } from "./count-mx-look.ts";

/** How a domain, or the strictest domain behind an MX host, treats failures. */
export type WatchedMode = "enforce" | "testing" | "none";

const LOOK_MS: Record<WatchedMode, number> = {
  enforce: 15 * MINUTE_MS,
  testing: HOUR_MS,
  none: 6 * HOUR_MS,
};
const PROBE_MS: Record<WatchedMode, number> = { enforce: 6 * HOUR_MS, testing: DAY_MS, none: 7 * DAY_MS };
/** A result that is not confirmed yet is looked at again when it can be. */
const CONFIRM_MS = 10 * MINUTE_MS;
/** A host that could not be tested is tried again sooner than a good one. */
const UNKNOWN_MS = HOUR_MS;
const JITTER = 0.1;

/** When the MX hosts of a domain are looked up again. An answer that does not count yet is asked for again when it can. */
export function nextMxLookAt(
  now: Date,
  { mode, isUncounted }: { mode: WatchedMode; isUncounted: boolean },
  random: number,
): Date {
  return isUncounted ? after(now, CONFIRM_MS, random) : around(now, LOOK_MS[mode], random);
}

/** When an MX host is connected to again: four times a day behind enforce, once behind testing, weekly behind none. */
export function nextMxProbeAt(
  now: Date,
  {
    mode,
    state,
    looks,
  }: {
    mode: WatchedMode;
    state: "good" | "bad" | "unknown";
    looks: Pick<MxLooks, "confirmedState" | "looksGood">;
  },
  random: number,
): Date {
  if (state === "unknown") return around(now, Math.min(PROBE_MS[mode], UNKNOWN_MS), random);
  if (awaitsConfirmation(state, looks)) return after(now, CONFIRM_MS, random);
  return around(now, PROBE_MS[mode], random);
}

/** Whether a look says something else than what counts of a host. The first good one of a new host contradicts nothing. */
export function awaitsConfirmation(
  state: "good" | "bad" | "unknown",
  { confirmedState, looksGood }: Pick<MxLooks, "confirmedState" | "looksGood">,
): boolean {
  if (state === "unknown" || state === confirmedState) return false;
  return !(state === "good" && looksGood === 1 && confirmedState === "unknown");
}

/**
 * Whether a good test of an MX host is too old to say how the host is: four were due since behind enforce, three behind the other modes. A
 * host that was found bad stays bad until a test is good.
 */
export function isGoodTestOld(probedAt: Date, mode: WatchedMode | null, now: Date): boolean {
  const missed = mode === "enforce" ? 4 : 3;
  return now.getTime() - probedAt.getTime() > missed * PROBE_MS[mode ?? "none"];
}

/** A tenth more or less, so that what began together spreads. */
function around(now: Date, ms: number, random: number): Date {
  return new Date(now.getTime() + ms * (1 - JITTER + 2 * JITTER * random));
}

function after(now: Date, ms: number, random: number): Date {
  return new Date(now.getTime() + ms * (1 + JITTER * random));
}
