import { DAY_MS } from "@waxseal/runtime/time-spans";

/** Longest wait that is believed: more is a clock gone wrong. */
const LONGEST_MS = 7 * DAY_MS;

/**
 * How long a `Retry-After` header asks to wait, in milliseconds, at most seven days; undefined when absent or unreadable.
 * A date in the past is 0.
 *
 * RFC 9110 §10.2.3
 */
export function parseRetryAfter(header: unknown, now: Date): number | undefined {
  if (typeof header !== "string") return undefined;
  const text = header.trim();
  const waitMs = /^\d{1,10}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime();
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), LONGEST_MS);
}
