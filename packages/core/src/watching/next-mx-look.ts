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
  const isFirstGood = state === "good" && looks.looksGood === 1 && looks.confirmedState === "unknown";
  if (state !== looks.confirmedState && !isFirstGood) return after(now, CONFIRM_MS, random);
  return around(now, PROBE_MS[mode], random);
}

/** A tenth more or less, so that what began together spreads. */
function around(now: Date, ms: number, random: number): Date {
  return new Date(now.getTime() + ms * (1 - JITTER + 2 * JITTER * random));
}

function after(now: Date, ms: number, random: number): Date {
  return new Date(now.getTime() + ms * (1 + JITTER * random));
}
