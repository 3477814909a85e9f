import { Prisma } from "@waxseal/db";
import type { Context } from "../context.ts";
import type { ReportRange } from "./report-range.ts";
import { safeCount } from "./safe-count.ts";

/** What a question about the daily tables is narrowed to. */
export type DailyFilter = { range: ReportRange; domainId: string | undefined };

/** Sessions added up by some key. `successful`, `failed` are totals; `said…` what a policy type says on its own. */
export type SessionSum = {
  key: string;
  reports: number;
  successful: number;
  failed: number;
  saidSuccessful: number;
  saidFailed: number;
};

/** Failed sessions added up by some key and the result type. */
export type FailureSum = { key: string; resultType: string; failed: number; saidFailed: number };

const SESSION_KEYS = {
  all: Prisma.sql`''`,
  day: Prisma.sql`report_day::text`,
  source: Prisma.sql`reporter`,
  policy: Prisma.sql`policy_type`,
};

const FAILURE_KEYS = { ...SESSION_KEYS, mx: Prisma.sql`mx_host` };

/** Adds up the daily sessions of an account by a key. */
export async function sumSessions(
  ctx: Context,
  filter: DailyFilter,
  key: keyof typeof SESSION_KEYS,
): Promise<SessionSum[]> {
  const rows = await ctx.db.$queryRaw<
    {
      key: string;
      reports: string;
      successful: string;
      failed: string;
      said_successful: string;
      said_failed: string;
    }[]
  >`
    select ${SESSION_KEYS[key]} as key, sum(reports)::text as reports,
      sum(counted_successful)::text as successful, sum(counted_failed)::text as failed,
      sum(successful_sessions)::text as said_successful, sum(failed_sessions)::text as said_failed
    from tls_daily_sessions
    where ${narrow(ctx, filter)}
    group by 1`;
  return rows.map((row) => ({
    key: row.key,
    reports: safeCount(row.reports),
    successful: safeCount(row.successful),
    failed: safeCount(row.failed),
    saidSuccessful: safeCount(row.said_successful),
    saidFailed: safeCount(row.said_failed),
  }));
}

/** Adds up the daily failures of an account by a key and result type. */
export async function sumFailures(
  ctx: Context,
  filter: DailyFilter,
  key: keyof typeof FAILURE_KEYS,
): Promise<FailureSum[]> {
  const rows = await ctx.db.$queryRaw<
    { key: string; result_type: string; failed: string; said_failed: string }[]
  >`
    select ${FAILURE_KEYS[key]} as key, result_type,
      sum(counted_failed)::text as failed, sum(failed_sessions)::text as said_failed
    from tls_daily_failures
    where ${narrow(ctx, filter)}
    group by 1, 2`;
  return rows.map((row) => ({
    key: row.key,
    resultType: row.result_type,
    failed: safeCount(row.failed),
    saidFailed: safeCount(row.said_failed),
  }));
}

/** The sending addresses named in failures, the worst `limit` of each reporter, most failures first. */
export async function listSendingAddresses(
  ctx: Context,
  filter: DailyFilter,
  limit: number,
): Promise<{ reporter: string; sendingMtaIp: string; failedSessions: number }[]> {
  const rows = await ctx.db.$queryRaw<{ reporter: string; sending_mta_ip: string; failed: string }[]>`
    select reporter, sending_mta_ip, failed::text
    from (
      select reporter, sending_mta_ip, sum(counted_failed) as failed,
        row_number() over (partition by reporter order by sum(counted_failed) desc, sending_mta_ip) as place
      from tls_daily_failures
      where ${narrow(ctx, filter)} and sending_mta_ip <> ''
      group by 1, 2
      having sum(counted_failed) > 0
    ) as ranked
    where place <= ${limit}
    order by reporter, place`;
  return rows.map((row) => ({
    reporter: row.reporter,
    sendingMtaIp: row.sending_mta_ip,
    failedSessions: safeCount(row.failed),
  }));
}

function narrow(ctx: Context, { range, domainId }: DailyFilter): Prisma.Sql {
  const domain = domainId === undefined ? Prisma.empty : Prisma.sql`and domain_id = ${domainId}::uuid`;
  return Prisma.sql`account_id = ${ctx.accountId} and report_day between ${range.from}::date and ${range.to}::date ${domain}`;
}
