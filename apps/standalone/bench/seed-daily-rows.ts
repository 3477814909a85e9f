import { settleReportDays } from "@waxseal/core/reports";
import { type Database, Prisma } from "@waxseal/db";

/** How much to make: rows of both daily tables together, over the days up to `today`. */
export type DailySeed = { rows: number; domains: number; days: number; today: string };

/** An account of the benchmark, its domains, and its first domain. */
export type SeededAccount = { accountId: string; domains: number; domainId: string };

/** The largest account has a fifth of the domains; the others a hundredth each. */
const LARGEST_SHARE = 5;
const SMALL_SHARE = 100;

const DAILY_TABLES = ["tls_daily_sessions", "tls_daily_failures", "tls_report", "domain"];
const TOTAL_TABLES = ["tls_total_sessions", "tls_total_failures", "tls_total_clusters", "tls_unsettled_day"];

/** Fills the daily tables and the list of reports with figures of many accounts, in SQL, and settles them; the largest account comes first. */
export async function seedDailyRows(
  db: Database,
  { rows, domains, days, today }: DailySeed,
): Promise<SeededAccount[]> {
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
  const places = Prisma.sql`domain d cross join generate_series(0, ${days}::int - 1) as back`;
  const reporter = Prisma.sql`'Reporter ' || (n % 12)`;
  await db.$executeRaw`
    insert into tls_daily_sessions
    select d.account_id, ${today}::date - back, d.id, ${reporter}, case n / 12 when 0 then 'sts' when 1 then 'tlsa' else 'type-' || n / 12 end,
      1, 100 + n, 6, 100 + n, 6
    from ${places} cross join generate_series(0, ${sessions}::int - 1) as n`;
  await db.$executeRaw`
    insert into tls_daily_failures
    select d.account_id, ${today}::date - back, d.id, ${reporter}, 'sts',
      (array['certificate-expired', 'starttls-not-supported', 'certificate-host-mismatch', 'validation-failure'])[1 + n % 4],
      '192.0.2.' || (n * 7 + back) % 256, 'mx' || n % 3 || '.' || d.domain, case when n % 5 = 0 then 'reason ' || n else '' end, 6, 6
    from ${places} cross join generate_series(0, ${perDay - sessions}::int - 1) as n`;
  await db.$executeRaw`
    insert into tls_report (account_id, report_day, id, domain_id, message_id, reporter, report_id, start_at, end_at,
      successful_sessions, failed_sessions, result_types, trust, transport, quirks, identity, policies, received_at)
    select d.account_id, ${today}::date - back, gen_random_uuid(), d.id, gen_random_uuid(), ${reporter}, 'r', now(), now(),
      100, 6, array['certificate-expired'], 'aligned', 'smtp', '{}', d.domain || back || '-' || n, '[]', now()
    from ${places} cross join generate_series(0, 1) as n`;
  for (const table of DAILY_TABLES) await db.$executeRawUnsafe(`vacuum analyze ${table}`);
  while ((await settleReportDays({ db })).days > 0);
  for (const table of TOTAL_TABLES) await db.$executeRawUnsafe(`vacuum analyze ${table}`);
  return db.$queryRaw<SeededAccount[]>`
    select account_id as "accountId", count(*)::int as domains, min(id::text) as "domainId"
    from domain group by 1 order by 2 desc, 1`;
}
