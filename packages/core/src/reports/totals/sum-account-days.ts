import type { ReportFigures } from "@waxseal/contract";
import { Prisma, type ReportsTransaction } from "@waxseal/db";
import type { z } from "zod";
import { daysOf, type ReportRange } from "../../day-range.ts";
import { safeCount } from "../../safe-count.ts";
import { matchesSource } from "../trust/report-source.ts";
import { addUpDays, figureRange } from "./load-report-figures.ts";

type Figures = z.infer<typeof ReportFigures>;
type Row = { day: string; reporter: string; successful: string; failed: string };

/** What proven reports say of all domains of some accounts together; `reporters` are those of both periods. */
export type AccountSums = {
  now: Figures;
  before: Pick<Figures, "sessions" | "successShare">;
  reporters: { reporter: string; days: number; lastDay: string }[];
};

/** Adds up the last 14 complete days and the 14 before them: from totals, of days that are not settled yet from the daily table. */
export async function sumAccountDays(
  db: ReportsTransaction,
  accounts: readonly string[],
  at: Date,
): Promise<AccountSums> {
  const [range, before] = [figureRange(at), figureRange(at, 1)];
  const inRange = Prisma.sql`account_id = any(${accounts}::text[]) and report_day between ${before.from}::date and ${range.to}::date`;
  const unsettled = await db.$queryRaw<{ day: string }[]>`
    select distinct report_day::text as day from tls_unsettled_day where ${inRange}`;
  // Named, so that of the daily table only their rows are read.
  const isLate = Prisma.sql`${inRange} and report_day = any(${unsettled.map(({ day }) => day)}::date[])`;
  const rows = await db.$queryRaw<Row[]>`
    with late as materialized (select distinct account_id, report_day from tls_unsettled_day where ${isLate}),
      figures as (
        select report_day, reporter, counted_successful, counted_failed from tls_total_sessions
        where ${inRange} and (account_id, report_day) not in (select account_id, report_day from late)
        union all
        select report_day, reporter, counted_successful, counted_failed from tls_daily_sessions join late using (account_id, report_day)
        where ${isLate}
      )
    select report_day::text as day, reporter, sum(counted_successful)::text as successful, sum(counted_failed)::text as failed
    from figures where ${matchesSource(Prisma.sql`reporter`, { trust: "aligned" })}
    group by 1, 2`;
  const within = ({ from, to }: ReportRange) =>
    addUpDays(sumByDay(rows.filter(({ day }) => day >= from && day <= to)), daysOf({ from, to }));
  const { sessions, successShare } = within(before);
  return {
    now: within(range),
    before: { sessions, successShare },
    reporters: [...Map.groupBy(rows, ({ reporter }) => reporter)].map(([reporter, own]) => ({
      reporter,
      days: own.length,
      lastDay:
        own
          .map(({ day }) => day)
          .sort()
          .at(-1) ?? "",
    })),
  };
}

function sumByDay(rows: readonly Row[]) {
  return [...Map.groupBy(rows, ({ day }) => day)].map(([day, own]) => ({
    day,
    successful: own.reduce((sum, row) => sum + safeCount(row.successful), 0),
    failed: own.reduce((sum, row) => sum + safeCount(row.failed), 0),
  }));
}
