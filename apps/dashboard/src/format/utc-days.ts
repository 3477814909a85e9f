const DAY_MS = 86_400_000;

const weekday = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const shortDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
/** The UTC calendar day of an instant, YYYY-MM-DD. */
export function utcDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** The day `days` after (or before) a UTC day. */
export function addDays(day: string, days: number): string {
  return utcDay(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS));
}

/** How many days a range covers, both ends included. */
export function countDays(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;
}

/** Whether a text is a day of the calendar, YYYY-MM-DD. */
export function isDay(text: unknown): text is string {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && utcDay(at) === text;
}

/** A UTC day with its weekday: Sat, 31 Jan 2026. Mail has a week's rhythm. */
export function formatWeekday(day: string): string {
  return weekday.format(new Date(`${day}T00:00:00Z`));
}

/** A UTC day for an axis: 31 Jan. */
export function formatShortDay(day: string): string {
  return shortDay.format(new Date(`${day}T00:00:00Z`));
}

/** The longest range the API answers about. */
const MAX_RANGE_DAYS = 800;

/** Why a range of days cannot be used, in words; undefined when it can. An empty end is open. */
export function explainDayRange(from: unknown, to: unknown): string | undefined {
  const isOpen = (day: unknown) => day === "" || day === undefined;
  if (!isOpen(from) && !isDay(from)) return "The first day is not a date of the calendar.";
  if (!isOpen(to) && !isDay(to)) return "The last day is not a date of the calendar.";
  if (!isDay(from) || !isDay(to)) return undefined;
  if (from > to) return "The first day is after the last day.";
  const days = countDays(from, to);
  return days > MAX_RANGE_DAYS
    ? `These are ${days} days; at most ${MAX_RANGE_DAYS} can be shown.`
    : undefined;
}
