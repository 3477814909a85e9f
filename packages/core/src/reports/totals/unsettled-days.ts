import type { Context } from "../../context.ts";
import type { ReportRange } from "../../day-range.ts";

/**
 * The days of a range whose totals differ from the daily tables, in order.
 * A day may have a mark for each of thousands of batches: one of them is looked for, a day at a time.
 */
export async function findUnsettledDays(
  { reports, accountId }: Context,
  range: ReportRange,
): Promise<string[]> {
  const rows = await reports.$queryRaw<{ day: string }[]>`
    select day::date::text as day from generate_series(${range.from}::date, ${range.to}::date, interval '1 day') as day
    cross join lateral (
      select 1 from tls_unsettled_day where account_id = ${accountId} and report_day = day::date limit 1
    ) as mark
    order by 1`;
  return rows.map(({ day }) => day);
}
