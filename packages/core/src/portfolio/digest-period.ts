import type { DigestPeriod } from "@waxseal/contract";
import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import { type ReportRange, shiftDay } from "../day-range.ts";

const HOUR = 7;
const DAYS: Record<DigestPeriod, number> = { daily: 1, weekly: 7, monthly: 30 };
/** Longer than the longest month. */
const AHEAD_DAYS = 32;

/** The report days that a summary made now covers: complete UTC days, up to yesterday. */
export function digestRange(period: DigestPeriod, now: Date): ReportRange {
  const to = shiftDay(now.toISOString().slice(0, 10), -1);
  return { from: shiftDay(to, 1 - DAYS[period]), to };
}

/**
 * When the next summary is due, strictly after `now`: at 07:00 as clocks in the time zone show it, each day, on Mondays, or on the first of
 * a month. Clock changes are those of the time zone.
 */
export function nextDigestAt(period: DigestPeriod, timeZone: string, now: Date): Date {
  const clock = wallClock(timeZone);
  const today = new Date(clock(now.getTime()));
  for (let ahead = 0; ahead <= AHEAD_DAYS; ahead++) {
    const day = new Date(
      Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + ahead, HOUR),
    );
    if (period === "weekly" && day.getUTCDay() !== 1) continue;
    if (period === "monthly" && day.getUTCDate() !== 1) continue;
    const at = instantOf(day, clock);
    if (at > now) return at;
  }
  throw new Error("No summary is ever due");
}

/** Reports about the last day of a month come in the two days after it. */
const MONTHLY_DAY = 3;

/** When the next report of a month is mailed, strictly after `now`: on the third, at 07:00 UTC. */
export function nextMonthlyAt(now: Date): Date {
  const at = (month: number) => new Date(Date.UTC(now.getUTCFullYear(), month, MONTHLY_DAY, HOUR));
  const thisMonth = at(now.getUTCMonth());
  return thisMonth > now ? thisMonth : at(now.getUTCMonth() + 1);
}

/** The instant at which clocks in a time zone show a wall time, given as if it were UTC. */
function instantOf(wall: Date, clock: (at: number) => number): Date {
  const offsetAt = (at: number) => clock(at) - at;
  const guess = wall.getTime() - offsetAt(wall.getTime());
  return new Date(wall.getTime() - offsetAt(guess));
}

/** What clocks in a time zone show at an instant, as if it were UTC, to the minute. */
function wallClock(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("en-CA", {
    ...{ timeZone, hourCycle: "h23", year: "numeric", month: "2-digit" },
    ...{ day: "2-digit", hour: "2-digit", minute: "2-digit" },
  });
  return (at) => {
    const parts = format.formatToParts(at);
    const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
    const minute = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
    return minute + (at % MINUTE_MS);
  };
}
