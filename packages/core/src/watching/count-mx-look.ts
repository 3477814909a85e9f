import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import type { MxFault, SeenMxHost } from "../judging/seen-mx-host.ts";

/** What earlier looks at an MX host add up to. */
export type MxLooks = {
  looksBad: number;
  looksGood: number;
  badSince: Date | null;
  confirmedState: string;
  confirmedFault: string | null;
  confirmedAt: Date | null;
};

/** What a host has before the first look. */
export const NO_MX_LOOKS: MxLooks = {
  looksBad: 0,
  looksGood: 0,
  badSince: null,
  confirmedState: "unknown",
  confirmedFault: null,
  confirmedAt: null,
};

/** Bad looks closer together than this count as one. */
export const BAD_APART_MS = 10 * MINUTE_MS;
const GOOD_LOOKS = 2;

/**
 * Adds one look: a host is bad after two bad looks at least ten minutes apart with no good one between them, and good after two good ones
 * in a row. An unknown look proves nothing and changes nothing. Looks may come out of order: the earliest of a run dates it.
 */
export function countMxLook(
  before: MxLooks,
  { state, fault }: Pick<SeenMxHost, "state" | "fault">,
  at: Date,
): MxLooks {
  if (state === "unknown") return before;
  if (state === "good") {
    const looksGood = before.looksGood + 1;
    const counted = { ...before, looksGood, looksBad: 0, badSince: null };
    return looksGood >= GOOD_LOOKS ? confirm(counted, "good", null, at) : counted;
  }
  const badSince = before.badSince && before.badSince < at ? before.badSince : at;
  const counted = { ...before, looksGood: 0, looksBad: before.looksBad + 1, badSince };
  const isConfirmed = at.getTime() - badSince.getTime() >= BAD_APART_MS;
  return isConfirmed ? confirm(counted, "bad", fault, at) : counted;
}

function confirm(looks: MxLooks, state: "good" | "bad", fault: MxFault | null, at: Date): MxLooks {
  const isSame = looks.confirmedState === state && looks.confirmedFault === fault;
  return {
    ...looks,
    confirmedState: state,
    confirmedFault: fault,
    confirmedAt: isSame ? looks.confirmedAt : at,
  };
}
