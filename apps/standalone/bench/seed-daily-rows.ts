import { settleReportDays } from "@waxseal/core/reports";
import { type Database, Prisma } from "@waxseal/db";

/** How much to make: rows of both daily tables together, over the days up to `today`. */
export type DailySeed = { rows: number; domains: number; days: number; today: string };

/** An account of the benchmark, its domains, and its first domain. */
export type SeededAccount = { accountId: string; domains: number; domainId: string };

/** The largest account has a fifth of the domains; the others a hundredth each. */
const LARGEST_SHARE = 5;
const SMALL_SHARE = 100;

const REPORTERS = 12;

/** A result that one report in ten thousand has: a query for it makes the database look at all the others. */
export const RARE_RESULT = "dane-required";

const DAILY_TABLES = ["tls_daily_sessions", "tls_daily_failures", "tls_report", "domain"];
const TOTAL_TABLES = [
  "tls_total_sessions",
  "tls_total_failures",
  "tls_total_clusters",
  "tls_month_clusters",
  "tls_month_addresses",
  "tls_unsettled_day",
];

/** The accounts of a database that was filled, the largest first. */
export function listSeededAccounts(db: Database): Promise<SeededAccount[]> {
  return db.$queryRaw<SeededAccount[]>`
    select account_id as "accountId", count(*)::int as domains, min(id::text) as "domainId"
    from domain group by 1 order by 2 desc, 1`;
}

/**
 * Fills the daily tables and the list of reports with figures of many accounts, in SQL and in the order of the keys.
 *
 * Each domain has MX hosts of its own, each reporter 250 sending addresses. Every day is unsettled afterwards.
 */
export async function seedDailyRows(db: Database, { rows, domains, days, today }: DailySeed): Promise<void> {
  const largest = Math.floor(domains / LARGEST_SHARE);
  const small = Math.max(1, Math.floor(domains / SMALL_SHARE));
  await db.$executeRaw`
    insert into domain (account_id, id, domain, token, created_at)
    select case when n < ${largest}::int then 'account-0' else 'account-' || (1 + (n - ${largest}::int) / ${small}::int) end,
      gen_random_uuid(), 'd' || n || '.example', 'token-' || n, now()
    from generate_series(0, ${domains}::int - 1) as n`;
  await db.$executeRaw`
    insert into account (id, name, slug, created_at)
    select distinct account_id, account_id, account_id, now() from domain`;
  await db.$queryRaw`
    select ensure_report_partitions(month::date)::text
    from generate_series(date_trunc('month', ${today}::date - ${days}::int), ${today}::date, interval '1 month') as month`;
  const perDay = Math.max(2, Math.round(rows / domains / days));
  const sessions = Math.floor(perDay / 2);
  const reporter = Prisma.sql`'Reporter ' || (n % ${REPORTERS}::int)`;
  // What the triggers on every statement do is done once at the end.
  await setTriggers(db, "disable");
  for (const { accountId } of await listSeededAccounts(db)) {
    const rowsOf = (
      count: number,
    ) => Prisma.sql`domain d cross join generate_series(0, ${days}::int - 1) as back
      cross join generate_series(0, ${count}::int - 1) as n where d.account_id = ${accountId}`;
    await db.$executeRaw`
      insert into tls_daily_sessions (account_id, report_day, domain_id, reporter, policy_type, reports,
      successful_sessions, failed_sessions, counted_successful, counted_failed)
      select d.account_id, ${today}::date - back, d.id, ${reporter},
        case n / ${REPORTERS}::int when 0 then 'sts' when 1 then 'tlsa' else 'type-' || n / ${REPORTERS}::int end, 1, 100 + n, 6, 100 + n, 6
      from ${rowsOf(sessions)} order by 2, 3, 4, 5`;
    await db.$executeRaw`
      insert into tls_daily_failures (account_id, report_day, domain_id, reporter, policy_type, result_type, sending_mta_ip,
      mx_host, reason_code, failed_sessions, counted_failed)
      select d.account_id, ${today}::date - back, d.id, ${reporter}, 'sts',
        (array['certificate-expired', 'starttls-not-supported', 'certificate-host-mismatch', 'validation-failure'])[1 + n % 4],
        '198.51.' || n % ${REPORTERS}::int || '.' || ((hashtext(d.domain) & 65535) + n * 7 + back * 31) % 250,
        'mx' || n % 3 || '.' || d.domain, case when n % 5 = 0 then 'reason ' || n else '' end, 6, 6
      from ${rowsOf(perDay - sessions)} order by 2, 3, 4, 5, 6, 7, 8, 9`;
    await db.$executeRaw`
      insert into tls_report (account_id, report_day, id, domain_id, message_id, reporter, report_id, start_at, end_at,
        successful_sessions, failed_sessions, result_types, trust, transport, quirks, identity, policies, received_at)
      select d.account_id, ${today}::date - back, gen_random_uuid(), d.id, gen_random_uuid(), ${reporter}, 'r', now(), now(), 100, 6,
        array[case when ((hashtext(d.domain) & 65535) + back * 12 + n) % 10000 = 0 then ${RARE_RESULT} else 'certificate-expired' end],
        'aligned', 'smtp', '{}', d.domain || back || '-' || n, '[]', now()
      from ${rowsOf(Math.min(REPORTERS, sessions))} order by 2`;
  }
  await setTriggers(db, "enable");
  await db.$executeRaw`
    insert into tls_unsettled_day (account_id, report_day)
    select account_id, ${today}::date - back from (select distinct account_id from domain) as a, generate_series(0, ${days}::int - 1) as back`;
  for (const table of DAILY_TABLES) await db.$executeRawUnsafe(`vacuum analyze ${table}`);
}

/** Settles every day there is. Returns how many days of accounts that were. */
export async function settleSeededDays(db: Database): Promise<number> {
  let all = 0;
  for (let days = -1; days !== 0; all += days) ({ days } = await settleReportDays({ db }));
  for (const table of TOTAL_TABLES) await db.$executeRawUnsafe(`vacuum analyze ${table}`);
  return all;
}

async function setTriggers(db: Database, state: "enable" | "disable"): Promise<void> {
  for (const table of ["tls_daily_sessions", "tls_daily_failures"]) {
    await db.$executeRawUnsafe(`alter table ${table} ${state} trigger user`);
  }
}
