const MINUTE = 60;
const HOUR = 3_600;

/** After something changed or was asked for; an owner is probably watching. */
const WATCHING_SECONDS = [5, 5, 10, 10, 20, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE];
/** Then every hour for half a day, then four times a day. */
const HOURLY_CHECKS = 12;
const SETTLED_SECONDS = 6 * HOUR;

/** Number of checks in a row without a change (two and a half hours) after which a record counts as removed. */
export const CHECKS_UNTIL_GONE = WATCHING_SECONDS.length + 2;

/**
 * Returns when to check a domain again. `checksSinceChange` is 0 right after something changed; a domain with nothing left to do is looked
 * at hourly from the start. `random`, 0 to 1, spreads domains that were added together over a tenth of the time.
 */
export function nextCheckTime(
  now: Date,
  { checksSinceChange, isComplete }: { checksSinceChange: number; isComplete: boolean },
  random: number,
): Date {
  const index = isComplete ? Math.max(checksSinceChange, WATCHING_SECONDS.length) : checksSinceChange;
  const isHourly = index < WATCHING_SECONDS.length + HOURLY_CHECKS;
  const seconds = WATCHING_SECONDS[index] ?? (isHourly ? HOUR : SETTLED_SECONDS);
  return new Date(now.getTime() + seconds * 1_000 * (1 + random / 10));
}
