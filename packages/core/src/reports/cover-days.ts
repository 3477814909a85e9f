import { Prisma } from "@waxseal/db";
import type { Context } from "../context.ts";
import { daysOf, type ReportRange, shiftDay } from "./report-range.ts";

/** Failures alike are added up over so many days at once. */
export const CLUSTER_SPANS = [1, 4, 16] as const;

/** So many days from `startDay` on. */
export type DayBlock = { startDay: string; days: number };

const DAY_MS = 24 * 60 * 60 * 1000;

/** The days of a range whose totals do not tell what the daily tables say, in order. */
export async function findUnsettledDays({ db, accountId }: Context, range: ReportRange): Promise<string[]> {
  const rows = await db.$queryRaw<{ day: string }[]>`
    select distinct report_day::text as day from tls_unsettled_day
    where account_id = ${accountId} and report_day between ${range.from}::date and ${range.to}::date
    order by 1`;
  return rows.map(({ day }) => day);
}

/**
 * The fewest blocks that hold every day of a range but the unsettled ones, in order.
 *
 * A block lies within the range, holds no unsettled day, and begins where its days since 1970-01-01 divide by its length.
 */
export function coverDays(range: ReportRange, unsettled: ReadonlySet<string>): DayBlock[] {
  const blocks: DayBlock[] = [];
  let day = range.from;
  while (day <= range.to) {
    const days = unsettled.has(day) ? 1 : longestFrom(day, range.to, unsettled);
    if (!unsettled.has(day)) blocks.push({ startDay: day, days });
    day = shiftDay(day, days);
  }
  return blocks;
}

/** The condition on `tls_total_clusters` for these blocks of an account. */
export function inBlocks({ accountId }: Context, blocks: readonly DayBlock[]): Prisma.Sql {
  const perSpan = CLUSTER_SPANS.map((span) => {
    const startDays = blocks.filter(({ days }) => days === span).map(({ startDay }) => startDay);
    return Prisma.sql`(days = ${span}::int and start_day = any(${startDays}::date[]))`;
  });
  return Prisma.sql`account_id = ${accountId} and (${Prisma.join(perSpan, " or ")})`;
}

function longestFrom(day: string, to: string, unsettled: ReadonlySet<string>): number {
  const sinceEpoch = Date.parse(day) / DAY_MS;
  const fits = (span: number) => {
    const last = shiftDay(day, span - 1);
    return (
      sinceEpoch % span === 0 && last <= to && !daysOf({ from: day, to: last }).some((d) => unsettled.has(d))
    );
  };
  return CLUSTER_SPANS.findLast(fits) ?? 1;
}
