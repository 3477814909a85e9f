import type { Context } from "../context.ts";
import type { ReportRange } from "./report-range.ts";

/** The days of a range whose totals do not tell what the daily tables say, in order. */
export async function findUnsettledDays({ db, accountId }: Context, range: ReportRange): Promise<string[]> {
  const rows = await db.$queryRaw<{ day: string }[]>`
    select distinct report_day::text as day from tls_unsettled_day
    where account_id = ${accountId} and report_day between ${range.from}::date and ${range.to}::date
    order by 1`;
  return rows.map(({ day }) => day);
}
