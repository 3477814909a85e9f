import {
  type Database,
  isSerializationFailure,
  Prisma,
  type ReportsTransaction,
  reportsOf,
} from "@waxseal/db";
import type { ContextSource } from "../../context.ts";
import { type DaysOfMonth, groupByMonth } from "./month-figures.ts";
import { CLUSTER, sumClusterDays } from "./sum-cluster-days.ts";
import { writeMonths } from "./write-months.ts";

/** How many days of accounts were settled, and how many could not be, because another transaction held them. */
export type SettledDays = { days: number; busy: number };

const MAX_DAYS = 2_000;
const TIMEOUT_MS = 60_000;

/**
 * Recomputes the totals of accounts from the daily tables, for the days that changed, longest unsettled first.
 *
 * Totals are recomputed and never added to, so they cannot drift. A change that commits meanwhile leaves its mark, and its
 * day unsettled: queries read such days from the daily tables. Accounts that close are left alone. What is left beyond
 * 2,000 days is the next run's. Safe to run twice, and several at once.
 */
export async function settleReportDays({ db }: Pick<ContextSource, "db">): Promise<SettledDays> {
  const marked = await findMarkedDays(db);
  const settled: SettledDays = { days: 0, busy: 0 };
  for (const [accountId, rows] of Map.groupBy(marked, (row) => row.account_id)) {
    // Days of one month of an account are settled together.
    for (const inMonth of groupByMonth(rows.map(({ day }) => day))) {
      const wasSettled = await settleDays(db, accountId, inMonth);
      settled[wasSettled ? "days" : "busy"] += inMonth.days.length;
    }
  }
  return settled;
}

type MarkedDay = { account_id: string; day: string };

/** The days longest unsettled, of accounts that are open; marks left by an account that is gone do not take their places. */
async function findMarkedDays(db: Database): Promise<MarkedDay[]> {
  const closing = await db.organization.findMany({
    where: { closingAt: { not: null } },
    select: { id: true },
  });
  const without = closing.map(({ id }) => id);
  const marked = await listMarkedDays(db, without);
  const isOpen = await findOpenAccounts(db, marked);
  const gone = marked.filter((row) => !isOpen.has(row.account_id)).map((row) => row.account_id);
  if (gone.length === 0) return marked;
  const others = await listMarkedDays(db, [...without, ...gone]);
  const areOpen = await findOpenAccounts(db, others);
  return others.filter((row) => areOpen.has(row.account_id));
}

function listMarkedDays(db: Database, without: readonly string[]): Promise<MarkedDay[]> {
  return reportsOf(db).$queryRaw<MarkedDay[]>`
    select account_id, report_day::text as day from tls_unsettled_day
    where not (account_id = any(${[...new Set(without)]}::text[]))
    group by 1, 2 order by min(id) limit ${MAX_DAYS}`;
}

async function findOpenAccounts(
  db: Database,
  marked: readonly Pick<MarkedDay, "account_id">[],
): Promise<Set<string>> {
  const ids = [...new Set(marked.map((row) => row.account_id))];
  const open = await db.organization.findMany({
    where: { id: { in: ids }, closingAt: null },
    select: { id: true },
  });
  return new Set(open.map(({ id }) => id));
}

/**
 * One snapshot for all of it: the marks that go are exactly those whose changes are in the totals. Whether it was this run's to do: not
 * where another settles the account, or the account closes. Its rows are deleted a day after it began to close, and so do not come back.
 */
async function settleDays(db: Database, accountId: string, inMonth: DaysOfMonth): Promise<boolean> {
  const isOpen = await findOpenAccounts(db, [{ account_id: accountId }]);
  if (!isOpen.has(accountId)) return false;
  try {
    return await reportsOf(db).$transaction((transaction) => rebuildTotals(transaction, accountId, inMonth), {
      isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead,
      timeout: TIMEOUT_MS,
    });
  } catch (error) {
    // Another run settles the same days, or the account is being deleted.
    if (isSerializationFailure(error)) return false;
    throw error;
  }
}

async function rebuildTotals(
  db: ReportsTransaction,
  accountId: string,
  inMonth: DaysOfMonth,
): Promise<boolean> {
  const [lock] = await db.$queryRaw<{ isMine: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${accountId}, hashtext('settle_report_days'))) as "isMine"`;
  if (!lock?.isMine) return false;
  const these = Prisma.sql`account_id = ${accountId} and report_day = any(${inMonth.days}::date[])`;
  await db.$executeRaw`delete from tls_unsettled_day where ${these}`;
  await db.$executeRaw`delete from tls_total_sessions where ${these}`;
  await db.$executeRaw`
    insert into tls_total_sessions (account_id, report_day, reporter, policy_type, reports, successful_sessions, failed_sessions,
      counted_successful, counted_failed)
    select account_id, report_day, reporter, policy_type, sum(reports), sum(successful_sessions), sum(failed_sessions),
      sum(counted_successful), sum(counted_failed)
    from tls_daily_sessions where ${these} group by 1, 2, 3, 4`;
  await db.$executeRaw`delete from tls_total_failures where ${these}`;
  await db.$executeRaw`
    insert into tls_total_failures (account_id, report_day, reporter, policy_type, result_type, failed_sessions, counted_failed)
    select account_id, report_day, reporter, policy_type, result_type, sum(failed_sessions), sum(counted_failed)
    from tls_daily_failures where ${these} group by 1, 2, 3, 4, 5`;
  await db.$executeRaw`delete from tls_total_clusters where ${these}`;
  const failures = Prisma.sql`
    select report_day, ${CLUSTER} as cluster, sending_mta_ip, counted_failed
    from tls_daily_failures where ${these} and counted_failed > 0`;
  await db.$executeRaw`
    insert into tls_total_clusters (account_id, report_day, cluster, counted_failed, addresses, addresses_failed)
    select ${accountId}, report_day, cluster, counted_failed, addresses, addresses_failed
    from (${sumClusterDays(failures)}) as cluster_day`;
  await writeMonths(db, accountId, inMonth);
  return true;
}
