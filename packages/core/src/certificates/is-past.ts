import { DAY_MS } from "@waxseal/runtime/time-spans";

/**
 * The longest wait that is ever set for a name: a week's limit of a CA, or the longest `Retry-After` that is believed, and a day. A time
 * further away was set by a clock that was ahead.
 */
export const LONGEST_WAIT_MS = 8 * DAY_MS;

/** Whether a time that was set as a wait has come, or can only have been set by a clock that was ahead. */
export function isPast(at: Date, now: Date, toleranceMs = 0): boolean {
  const leftMs = at.getTime() - now.getTime();
  return leftMs <= toleranceMs || leftMs > LONGEST_WAIT_MS;
}
