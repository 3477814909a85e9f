import { Prisma, type ReportsTransaction } from "@waxseal/db";
import { type DaysOfMonth, monthArray } from "./month-figures.ts";
import { CLUSTER } from "./sum-cluster-days.ts";

/**
 * Recomputes some days of one month of an account in `tls_month_clusters` and `tls_month_addresses` from the daily failures.
 *
 * Only figures that changed are written; a row without a failure in its month is deleted.
 */
export async function writeMonths(
  db: ReportsTransaction,
  accountId: string,
  inMonth: DaysOfMonth,
): Promise<void> {
  await writeClusters(db, accountId, inMonth);
  await writeAddresses(db, accountId, inMonth);
}

// Rows that have figures on these days take part with 0, so that one without a failure now gets 0. Example, day 3 settled:
//   in the table      failures of day 3   written
//   failed[3] = 5     7                   failed[3] = 7
//   failed[3] = 5     none                failed[3] = 0; the row is deleted when its other days are 0 too
//   failed[3] = 0     none                nothing
// Columns are named in the select and not after "with part": Citus loses such names.

async function writeClusters(db: ReportsTransaction, accountId: string, inMonth: DaysOfMonth): Promise<void> {
  const { month, days } = inMonth;
  const { sums, added, removed } = figuresOf(inMonth);
  const [written] = await db.$queryRaw<{ emptied: number }[]>`
    with part as (
      select ${CLUSTER} as cluster, domain_id, result_type, mx_host, reporter, reason_code, report_day, counted_failed
      from tls_daily_failures
      where account_id = ${accountId} and report_day = any(${days}::date[]) and counted_failed > 0
      union all
      select t.cluster, t.domain_id, t.result_type, t.mx_host, t.reporter, t.reason_code, null::date, 0
      from tls_month_clusters as t
      where account_id = ${accountId} and month = ${month}::date and t.failed <> ${removed}
    ), written as (
      insert into tls_month_clusters as t (account_id, month, cluster, domain_id, result_type, mx_host, reporter, reason_code, failed)
      select ${accountId}, ${month}::date, cluster, domain_id, min(result_type), min(mx_host), min(reporter), min(reason_code), ${sums}
      from part
      group by cluster, domain_id
      on conflict (account_id, month, cluster, domain_id) do update set failed = ${added} where t.failed <> ${added}
      returning t.failed
    )
    select count(*)::int as emptied from written where 0 = all(failed)`;
  if (written && written.emptied > 0)
    await db.$executeRaw`
      delete from tls_month_clusters where account_id = ${accountId} and month = ${month}::date and 0 = all(failed)`;
}

async function writeAddresses(
  db: ReportsTransaction,
  accountId: string,
  inMonth: DaysOfMonth,
): Promise<void> {
  const { month, days } = inMonth;
  const { sums, added, removed } = figuresOf(inMonth);
  const [written] = await db.$queryRaw<{ emptied: number }[]>`
    with part as (
      select reporter, sending_mta_ip, report_day, counted_failed
      from tls_daily_failures
      where account_id = ${accountId} and report_day = any(${days}::date[]) and counted_failed > 0 and sending_mta_ip <> ''
      union all
      select t.reporter, t.sending_mta_ip, null::date, 0
      from tls_month_addresses as t
      where account_id = ${accountId} and month = ${month}::date and t.failed <> ${removed}
    ), written as (
      insert into tls_month_addresses as t (account_id, month, reporter, sending_mta_ip, failed)
      select ${accountId}, ${month}::date, reporter, sending_mta_ip, ${sums}
      from part
      group by reporter, sending_mta_ip
      on conflict (account_id, month, reporter, sending_mta_ip) do update set failed = ${added} where t.failed <> ${added}
      returning t.failed
    )
    select count(*)::int as emptied from written where 0 = all(failed)`;
  if (written && written.emptied > 0)
    await db.$executeRaw`
      delete from tls_month_addresses where account_id = ${accountId} and month = ${month}::date and 0 = all(failed)`;
}

/** Arrays for a row `t` of a month: of its part alone, with these days replaced by the new figures, and with these days 0. */
function figuresOf(inMonth: DaysOfMonth) {
  const old = (place: Prisma.Sql) => Prisma.sql`t.failed[${place}]`;
  const zero = () => Prisma.sql`0`;
  const sum = (day: string) =>
    Prisma.sql`coalesce(sum(counted_failed) filter (where report_day = ${day}::date), 0)`;
  return {
    sums: monthArray(inMonth, sum, zero),
    added: monthArray(inMonth, (_day, place) => Prisma.sql`excluded.failed[${place}]`, old),
    removed: monthArray(inMonth, zero, old),
  };
}
