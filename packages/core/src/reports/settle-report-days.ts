import { type Database, Prisma, type Transaction } from "@waxseal/db";
import type { ContextSource } from "../context.ts";
import { CLUSTER_SPANS } from "./cover-days.ts";

/** How many days of accounts were settled, and how many could not be, because somebody else was at them. */
export type SettledDays = { days: number; busy: number };

const MAX_DAYS = 2_000;
const DAY_MS = 24 * 60 * 60 * 1_000;
const LONGEST_SPAN = Math.max(...CLUSTER_SPANS);
const TIMEOUT_MS = 60_000;

/**
 * Makes the totals of accounts tell again what the daily tables say, for the days that changed, longest unsettled first.
 *
 * Totals are computed anew and never added to, so they cannot drift. A change that commits meanwhile leaves its mark, and its
 * day unsettled: whoever asks reads such days from the daily tables. Accounts that close are left alone. Safe to run twice, and
 * several at once.
 */
export async function settleReportDays({ db }: Pick<ContextSource, "db">): Promise<SettledDays> {
  const marked = await db.$queryRaw<{ account_id: string; day: string }[]>`
    select u.account_id, u.report_day::text as day from tls_unsettled_day u
    join account a on a.id = u.account_id and a.closing_at is null
    group by 1, 2 order by min(u.id) limit ${MAX_DAYS}`;
  const settled: SettledDays = { days: 0, busy: 0 };
  for (const [accountId, rows] of Map.groupBy(marked, (row) => row.account_id)) {
    // Days of one longest block together: each block is computed once.
    const byBlock = Map.groupBy(rows, ({ day }) => Math.floor(Date.parse(day) / DAY_MS / LONGEST_SPAN));
    for (const inBlock of byBlock.values()) {
      const days = inBlock.map(({ day }) => day);
      const wasSettled = await settleDays(db, accountId, days);
      settled[wasSettled ? "days" : "busy"] += days.length;
    }
  }
  return settled;
}

/** One snapshot for all of it: the marks that go are exactly those whose changes are in the totals. */
async function settleDays(db: Database, accountId: string, days: readonly string[]): Promise<boolean> {
  try {
    await db.$transaction((transaction) => rebuildTotals(transaction, accountId, days), {
      isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead,
      timeout: TIMEOUT_MS,
    });
    return true;
  } catch (error) {
    if (isSerializationFailure(error)) return false;
    throw error;
  }
}

async function rebuildTotals(db: Transaction, accountId: string, days: readonly string[]): Promise<void> {
  // Deleting an account waits for this lock, and begins long after closing_at: its totals do not come back.
  const open = await db.$queryRaw<unknown[]>`
    select 1 from account where id = ${accountId} and closing_at is null for key share`;
  if (open.length === 0) return;
  const these = Prisma.sql`account_id = ${accountId} and report_day = any(${days}::date[])`;
  await db.$executeRaw`delete from tls_unsettled_day where ${these}`;
  await db.$executeRaw`delete from tls_total_sessions where ${these}`;
  await db.$executeRaw`delete from tls_total_failures where ${these}`;
  await db.$executeRaw`
    insert into tls_total_sessions
    select account_id, report_day, reporter, policy_type, sum(reports), sum(successful_sessions), sum(failed_sessions),
      sum(counted_successful), sum(counted_failed)
    from tls_daily_sessions where ${these} group by 1, 2, 3, 4`;
  await db.$executeRaw`
    insert into tls_total_failures
    select account_id, report_day, reporter, policy_type, result_type, sending_mta_ip, sum(failed_sessions), sum(counted_failed)
    from tls_daily_failures where ${these} group by 1, 2, 3, 4, 5, 6`;
  for (const span of CLUSTER_SPANS) await rebuildClusters(db, accountId, days, span);
}

/** The blocks of `span` days that hold any of the days. Blocks begin where their number of days since 1970 divides by the span. */
async function rebuildClusters(
  db: Transaction,
  accountId: string,
  days: readonly string[],
  span: number,
): Promise<void> {
  await db.$executeRaw`
    delete from tls_total_clusters where account_id = ${accountId} and days = ${span}::int
      and start_day = any(select distinct day - (day - date '1970-01-01') % ${span}::int from unnest(${days}::date[]) as day)`;
  await db.$executeRaw`
    with block as (
      select distinct day - (day - date '1970-01-01') % ${span}::int as start_day from unnest(${days}::date[]) as day
    ), said as materialized (
      select b.start_day, f.result_type, f.mx_host, f.reporter, f.reason_code, f.domain_id, f.sending_mta_ip,
        min(f.report_day) as first_day, max(f.report_day) as last_day, sum(f.counted_failed) as failed
      from tls_daily_failures f
      join block b on b.start_day = f.report_day - (f.report_day - date '1970-01-01') % ${span}::int
      where f.account_id = ${accountId} and f.counted_failed > 0
        and f.report_day = any(array(select start_day + n from block, generate_series(0, ${span}::int - 1) as n))
      group by 1, 2, 3, 4, 5, 6, 7
    ), by_domain as (
      select start_day, result_type, mx_host, reporter, reason_code, min(first_day) as first_day, max(last_day) as last_day,
        sum(failed) as failed, jsonb_object_agg(domain_id, failed) as domains
      from (
        select start_day, result_type, mx_host, reporter, reason_code, domain_id, min(first_day) as first_day,
          max(last_day) as last_day, sum(failed) as failed
        from said group by 1, 2, 3, 4, 5, 6
      ) as d group by 1, 2, 3, 4, 5
    ), by_address as (
      select start_day, result_type, mx_host, reporter, reason_code, jsonb_object_agg(sending_mta_ip, failed) as addresses
      from (
        select start_day, result_type, mx_host, reporter, reason_code, sending_mta_ip, sum(failed) as failed
        from said where sending_mta_ip <> '' group by 1, 2, 3, 4, 5, 6
      ) as a group by 1, 2, 3, 4, 5
    )
    insert into tls_total_clusters
    select ${accountId}, ${span}::int, start_day, result_type, mx_host, reporter, reason_code, first_day, last_day, failed,
      domains, coalesce(addresses, '{}')
    from by_domain left join by_address using (start_day, result_type, mx_host, reporter, reason_code)`;
}

/** Somebody else settles the same days, or the account is being deleted. */
function isSerializationFailure(error: unknown): boolean {
  return /40001|P2034|could not serialize|write conflict/i.test(String(error));
}
