import { settleReportDays } from "@waxseal/core/reports";
import { type Database, Prisma } from "@waxseal/db";

const REPORTERS = ["Reporter A", "Reporter B", "Reporter C"];

/**
 * Gives an account so many active domains with a policy, a history and `days` days of reports up to yesterday, in SQL, and
 * settles the figures. Every third domain has failures. Returns one domain and one report of it.
 */
export async function seedAccountRows(
  db: Database,
  { accountId, domains, days }: { accountId: string; domains: number; days: number },
): Promise<{ domainId: string; reportId: string }> {
  await db.$executeRaw`
    insert into domain (account_id, id, domain, token, status, created_at, active_at, served_version, mx_hosts, mx_checked_at)
    select ${accountId}, uuidv7(), 'd' || n || '.many.example', 'seeded' || lpad(n::text, 10, '0'), 'active',
      now() - interval '100 days', now() - interval '100 days', 1,
      jsonb_build_array(jsonb_build_object('mxHost', 'mx1.d' || n || '.many.example', 'preference', 10)), now()
    from generate_series(1, ${domains}::int) n`;
  const seeded = Prisma.sql`domain d where d.account_id = ${accountId} and d.token like 'seeded%'`;
  await db.$executeRaw`
    insert into policy_version (account_id, domain_id, version, policy_id, mode, mx, max_age_seconds, state, created_at, created_by, published_at)
    select account_id, id, 1, 'id1', 'testing', array['mx1.' || domain], 604800, 'live', now(), 'bench', now() from ${seeded}`;
  await db.$executeRaw`
    insert into setup_record (account_id, domain_id, kind, state, checked_at, correct_since)
    select account_id, d.id, kind, 'correct', now(), now()
    from (select account_id, id from ${seeded}) d cross join unnest(enum_range(null::setup_record_kind)) kind`;
  await db.$executeRaw`
    insert into event (account_id, id, domain_id, at, actor_kind, actor_id, actor_name, kind, data)
    select account_id, uuidv7(), d.id, now() - n * interval '1 day', 'job', 'domain.check', 'domain.check', 'setup.changed',
      '{"record": "policyHost", "from": "missing", "to": "correct", "seen": null}'
    from (select account_id, id from ${seeded}) d cross join generate_series(1, 60) n`;
  await db.$queryRaw`
    select ensure_report_partitions(month::date)::text
    from generate_series(date_trunc('month', now() - ${days}::int * interval '1 day'), now(), interval '1 month') as month`;
  const places = Prisma.sql`(select account_id, id, domain from ${seeded}) d
    cross join generate_series(1, ${days}::int) back cross join unnest(${REPORTERS}::text[]) reporter`;
  const day = Prisma.sql`(now() at time zone 'utc')::date - back`;
  const failed = Prisma.sql`case when substr(d.domain, 2, 1) in ('1', '4', '7') then 6 else 0 end`;
  await db.$executeRaw`
    insert into tls_daily_sessions (account_id, report_day, domain_id, reporter, policy_type, reports,
      successful_sessions, failed_sessions, counted_successful, counted_failed)
    select d.account_id, ${day}, d.id, reporter, 'sts', 1, 100 + back % 7, ${failed}, 100 + back % 7, ${failed} from ${places}`;
  await db.$executeRaw`
    insert into tls_daily_failures (account_id, report_day, domain_id, reporter, policy_type, result_type, sending_mta_ip,
      mx_host, reason_code, failed_sessions, counted_failed)
    select d.account_id, ${day}, d.id, reporter, 'sts', 'certificate-expired', '192.0.2.' || back, 'mx1.' || d.domain, '', 6, 6
    from ${places} where ${failed} > 0`;
  await db.$executeRaw`
    insert into tls_report (account_id, report_day, id, domain_id, message_id, reporter, report_id, start_at, end_at,
      successful_sessions, failed_sessions, result_types, trust, transport, quirks, identity, policies, received_at)
    select d.account_id, ${day}, uuidv7(), d.id, uuidv7(), reporter, 'r' || back, now() - back * interval '1 day', now() - back * interval '1 day',
      100, ${failed}, case when ${failed} > 0 then array['certificate-expired'] else '{}' end, 'aligned', 'smtp', '{}',
      d.domain || back || reporter, '[]', now()
    from ${places}`;
  for (const table of ["domain", "event", "tls_daily_sessions", "tls_daily_failures", "tls_report"])
    await db.$executeRawUnsafe(`vacuum analyze ${table}`);
  while ((await settleReportDays({ db })).days > 0);
  const [example] = await db.$queryRaw<{ domainId: string; reportId: string }[]>`
    select domain_id::text as "domainId", id::text as "reportId" from tls_report
    where account_id = ${accountId} and failed_sessions > 0 order by report_day desc limit 1`;
  if (!example) throw new Error("No report was seeded.");
  return example;
}
