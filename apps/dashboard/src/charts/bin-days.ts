import { formatDay } from "@waxseal/contract/format-instant";
import { addDays, formatShortDay } from "../format/utc-days.ts";

/** One UTC day: sessions by series, or a gap when there is no report about it. */
export type ChartDay = { day: string; isGap: boolean; counts: Readonly<Record<string, number>> };

/** What one bar shows: a day, or the days of a week that are in the range. `gapDays` are days without a report: unknown, not zero. */
export type ChartBin = {
  key: string;
  lastDay: string;
  days: number;
  gapDays: number;
  /** No day has a report. */
  isGap: boolean;
  /** It holds today, about which reports are still to come. */
  isPartial: boolean;
  counts: Readonly<Record<string, number>>;
};

const MAX_SINGLE_DAYS = 90;
const DAYS_IN_WEEK = 7;

/** Days as bars: one each up to 90 days, else one a week, from Monday. */
export function binDays(days: readonly ChartDay[], today: string): ChartBin[] {
  const keyOf = days.length > MAX_SINGLE_DAYS ? mondayOf : (day: string) => day;
  return [...Map.groupBy(days, ({ day }) => keyOf(day)).values()].map((alike) => {
    const [first] = alike;
    const known = alike.filter(({ isGap }) => !isGap);
    const counts: Record<string, number> = {};
    for (const [key, count] of known.flatMap((day) => Object.entries(day.counts)))
      counts[key] = (counts[key] ?? 0) + count;
    return {
      key: first?.day ?? "",
      lastDay: alike.at(-1)?.day ?? "",
      days: alike.length,
      gapDays: alike.length - known.length,
      isGap: known.length === 0,
      isPartial: alike.some(({ day }) => day === today),
      counts,
    };
  });
}

/** The key of the bin that holds a day. */
export function binOf(bins: readonly ChartBin[], day: string): ChartBin | undefined {
  return bins.find(({ key, lastDay }) => day >= key && day <= lastDay);
}

/** A bar's days in words. */
export function formatBin({ key, lastDay }: Pick<ChartBin, "key" | "lastDay">): string {
  return key === lastDay ? formatDay(key) : `${formatShortDay(key)} to ${formatDay(lastDay)}`;
}

function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + DAYS_IN_WEEK - 1) % DAYS_IN_WEEK));
}
