import { MINUTE_MS } from "@waxseal/runtime/time-spans";

/** Quiet hours in a time zone: minutes of the day, which may go past midnight. */
export type QuietHours = { timeZone: string; quietFrom: number | null; quietUntil: number | null };

/** A day with an hour more, in minutes. */
const LONGEST_MINUTES = 1_500;

/**
 * When the quiet hours that are now end; undefined outside of them. Clock changes are those of the time zone: an end that clocks skip is
 * the minute after, one that they show twice is the first.
 */
export function quietUntil(
  { timeZone, quietFrom, quietUntil: end }: QuietHours,
  now: Date,
): Date | undefined {
  if (quietFrom === null || end === null || quietFrom === end) return undefined;
  const minuteOf = minutesOf(timeZone);
  const isQuiet = (at: number) => {
    const minute = minuteOf(at);
    return quietFrom < end ? minute >= quietFrom && minute < end : minute >= quietFrom || minute < end;
  };
  if (!isQuiet(now.getTime())) return undefined;
  const startMs = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  for (let minutes = 1; minutes <= LONGEST_MINUTES; minutes++) {
    const at = startMs + minutes * MINUTE_MS;
    if (!isQuiet(at)) return new Date(at);
  }
  return undefined;
}

/** The minute of the day, 0 to 1,439, that clocks show in a time zone. */
function minutesOf(timeZone: string): (at: number) => number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (at) => {
    const [hour = 0, minute = 0] = parts.format(at).split(":").map(Number);
    return hour * 60 + minute;
  };
}
