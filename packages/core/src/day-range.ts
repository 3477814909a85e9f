import { DAY_MS } from "@waxseal/runtime/time-spans";
import { AppError } from "./app-error.ts";

/** An inclusive range of UTC days, YYYY-MM-DD. */
export type ReportRange = { from: string; to: string };

const DEFAULT_DAYS = 30;
const MAX_DAYS = 800;

/**
 * The range a question is about; by default the 30 days up to today.
 * @throws AppError `invalid` – the range ends before it begins, or is longer than 800 days
 */
export function reportRange(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  now: Date,
): ReportRange {
  const last = to ?? (from === undefined || from <= dayOf(now) ? dayOf(now) : from);
  const first = from ?? shiftDay(last, 1 - DEFAULT_DAYS);
  const days = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
  if (!(days >= 1)) throw invalid("from", "lies after the end of the range");
  if (days > MAX_DAYS) throw invalid("from", `is more than ${MAX_DAYS} days before the end of the range`);
  return { from: first, to: last };
}

/** Every day of a range, in order. */
export function daysOf({ from, to }: ReportRange): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = shiftDay(day, 1)) days.push(day);
  return days;
}

/** The UTC day of an instant. */
function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** The day that many days later, or earlier for a negative number. */
export function shiftDay(day: string, days: number): string {
  return dayOf(new Date(Date.parse(day) + days * DAY_MS));
}

function invalid(path: string, problem: string): AppError {
  return new AppError("invalid", "This range of days cannot be used.", { fields: [{ path, problem }] });
}
