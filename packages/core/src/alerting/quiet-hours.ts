import { MINUTE_MS } from "@waxseal/runtime/time-spans";

/** Quiet hours in a time zone: minutes of the day, which may go past midnight. */
export type QuietHours = { timeZone: string; quietFrom: number | null; quietUntil: number | null };

/** When the quiet hours that are now end; undefined outside of them. Clock changes are those of the time zone. */
export function quietUntil(
  { timeZone, quietFrom, quietUntil: end }: QuietHours,
  now: Date,
): Date | undefined {
  if (quietFrom === null || end === null || quietFrom === end) return undefined;
  const minute = minuteOfDay(now, timeZone);
  const isQuiet = quietFrom < end ? minute >= quietFrom && minute < end : minute >= quietFrom || minute < end;
  if (!isQuiet) return undefined;
  const aheadMinutes = (end - minute + 1_440) % 1_440;
  const startOfMinute = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  const at = startOfMinute + aheadMinutes * MINUTE_MS;
  // A night with a clock change is an hour shorter or longer.
  const offset = (minuteOfDay(new Date(at), timeZone) - end + 1_440 + 720) % 1_440;
  return new Date(at - (offset - 720) * MINUTE_MS);
}

/** The minute of the day, 0 to 1,439, that clocks show in a time zone. */
function minuteOfDay(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const [hour = 0, minute = 0] = parts.format(at).split(":").map(Number);
  return hour * 60 + minute;
}
