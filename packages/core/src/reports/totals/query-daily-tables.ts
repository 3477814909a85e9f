import { Prisma } from "@waxseal/db";
import type { Context } from "../../context.ts";
import { daysOf, type ReportRange } from "../../day-range.ts";
import { safeCount } from "../../safe-count.ts";
import {
  readSource,
  type SourceFilter,
  selectTrust,
  type TrustLevel,
  whereSource,
} from "../trust/report-source.ts";
import { selectMonths } from "./month-figures.ts";
import { findUnsettledDays } from "./unsettled-days.ts";
import { type FailureFilter, whereFailure, wherePolicy } from "./where-failure.ts";

/** What a question is narrowed to; of one domain the daily tables are asked, else the totals of all days but the unsettled. */
export type DailyFilter = {
  range: ReportRange;
  domainId: string | undefined;
  /** Only what this reporter says. */
  source: string | undefined;
  /** Only what is proven that far; "any" like undefined. */
  trust?: SourceFilter["trust"];
  /** Only what was sent under this policy type. */
  policy?: string | undefined;
  /** Only failures like these. Sessions that went well carry none of it, so sums of sessions do not follow. */
  failure?: FailureFilter | undefined;
  unsettled: readonly string[];
};

/** Sessions added up. `successful`, `failed` are totals; `said…` what a policy type says on its own. */
export type SessionFigures = {
  reports: number;
  successful: number;
  failed: number;
  saidSuccessful: number;
  saidFailed: number;
};

/** Sessions added up by some key, of the reports that were asked for; `proven` is the part from aligned reports. */
export type SessionSum = SessionFigures & { key: string; proven: SessionFigures };

/** Sums by key, and the same sessions by trust whatever trust was asked for. */
export type SessionSums = { sums: SessionSum[]; byTrust: Record<TrustLevel, SessionFigures> };

/** Failed sessions added up by some key and the result type; `proven` is the part of `failed` from aligned reports. */
export type FailureSum = {
  key: string;
  resultType: string;
  failed: number;
  saidFailed: number;
  proven: number;
};

const SESSION_KEYS = {
  all: Prisma.sql`''`,
  day: Prisma.sql`report_day::text`,
  source: Prisma.sql`reporter`,
  policy: Prisma.sql`policy_type`,
};
const TRUST = selectTrust(Prisma.sql`reporter`);

const FAILURE_KEYS = { ...SESSION_KEYS, mx: Prisma.sql`mx_host`, reason: Prisma.sql`reason_code` };

/** Adds up the daily sessions of an account by a key. One query reads all trust levels, so that each answer can say how much is proven. */
export async function sumSessions(
  ctx: Context,
  filter: DailyFilter,
  key: keyof typeof SESSION_KEYS,
): Promise<SessionSums> {
  const rows = await ctx.reports.$queryRaw<
    {
      key: string;
      trust: TrustLevel;
      reports: string;
      successful: string;
      failed: string;
      said_successful: string;
      said_failed: string;
    }[]
  >`
    select ${SESSION_KEYS[key]} as key, ${TRUST} as trust, sum(reports)::text as reports,
      sum(counted_successful)::text as successful, sum(counted_failed)::text as failed,
      sum(successful_sessions)::text as said_successful, sum(failed_sessions)::text as said_failed
    from ${sessionRows(ctx, { ...filter, trust: undefined })} as t
    group by 1, 2`;
  return splitByTrust(
    rows.map((row) => ({
      key: row.key,
      trust: row.trust,
      figures: {
        reports: safeCount(row.reports),
        successful: safeCount(row.successful),
        failed: safeCount(row.failed),
        saidSuccessful: safeCount(row.said_successful),
        saidFailed: safeCount(row.said_failed),
      },
    })),
    filter.trust ?? "any",
  );
}

function splitByTrust(
  parts: readonly { key: string; trust: TrustLevel; figures: SessionFigures }[],
  asked: TrustLevel | "any",
): SessionSums {
  const byTrust = { aligned: addFigures([]), signed: addFigures([]), unsigned: addFigures([]) };
  for (const { trust, figures } of parts) byTrust[trust] = addFigures([byTrust[trust], figures]);
  const wanted = parts.filter(({ trust }) => asked === "any" || trust === asked);
  const sums = [...Map.groupBy(wanted, ({ key }) => key)].map(([key, alike]) => ({
    key,
    ...addFigures(alike.map(({ figures }) => figures)),
    proven: addFigures(alike.filter(({ trust }) => trust === "aligned").map(({ figures }) => figures)),
  }));
  return { sums, byTrust };
}

function addFigures(all: readonly SessionFigures[]): SessionFigures {
  const add = (pick: (figures: SessionFigures) => number) =>
    all.reduce((total, figures) => total + pick(figures), 0);
  return {
    reports: add(({ reports }) => reports),
    successful: add(({ successful }) => successful),
    failed: add(({ failed }) => failed),
    saidSuccessful: add(({ saidSuccessful }) => saidSuccessful),
    saidFailed: add(({ saidFailed }) => saidFailed),
  };
}

/** Adds up the daily sessions of an account by source and day. `source` is a source key. */
export async function sumSourceDays(
  ctx: Context,
  filter: DailyFilter,
): Promise<{ source: string; day: string; reports: number; successful: number; failed: number }[]> {
  const rows = await ctx.reports.$queryRaw<
    { source: string; day: string; reports: string; successful: string; failed: string }[]
  >`
    select reporter as source, report_day::text as day, sum(reports)::text as reports,
      sum(counted_successful)::text as successful, sum(counted_failed)::text as failed
    from ${sessionRows(ctx, filter)} as t
    group by 1, 2`;
  return rows.map(({ source, day, ...figures }) => ({
    source,
    day,
    reports: safeCount(figures.reports),
    successful: safeCount(figures.successful),
    failed: safeCount(figures.failed),
  }));
}

/** The newest day in a range about which each reporter reported anything. */
export async function findLastReportDays(
  ctx: Context,
  range: ReportRange,
  domainId: string | undefined,
): Promise<Map<string, string>> {
  const unsettled = domainId === undefined ? await findUnsettledDays(ctx, range) : daysOf(range);
  const rows = await ctx.reports.$queryRaw<{ reporter: string; day: string }[]>`
    select reporter, max(report_day)::text as day
    from ${sessionRows(ctx, { range, domainId, source: undefined, unsettled })} as t
    group by 1`;
  const newest = new Map<string, string>();
  for (const { reporter, day } of rows.sort((a, b) => (a.day < b.day ? -1 : 1))) {
    newest.set(readSource(reporter).shown, day);
  }
  return newest;
}

/** Adds up the daily failures of an account by a key and result type. */
export async function sumFailures(
  ctx: Context,
  filter: DailyFilter,
  key: keyof typeof FAILURE_KEYS,
): Promise<FailureSum[]> {
  const rows = await ctx.reports.$queryRaw<
    { key: string; result_type: string; failed: string; said_failed: string; proven: string }[]
  >`
    select ${FAILURE_KEYS[key]} as key, result_type,
      sum(counted_failed)::text as failed, sum(failed_sessions)::text as said_failed,
      coalesce(sum(counted_failed) filter (where ${TRUST} = 'aligned'), 0)::text as proven
    from ${key === "mx" || key === "reason" ? clusterRows(ctx, filter) : failureRows(ctx, filter)} as t
    group by 1, 2`;
  return rows.map((row) => ({
    key: row.key,
    resultType: row.result_type,
    failed: safeCount(row.failed),
    saidFailed: safeCount(row.said_failed),
    proven: safeCount(row.proven),
  }));
}

/** The sending addresses named in failures, the worst `limit` of each reporter, most failures first. */
export async function listSendingAddresses(
  ctx: Context,
  filter: DailyFilter,
  limit: number,
): Promise<{ reporter: string; sendingMtaIp: string; failedSessions: number }[]> {
  const rows = await ctx.reports.$queryRaw<{ reporter: string; sending_mta_ip: string; failed: string }[]>`
    select reporter, sending_mta_ip, failed::text
    from (
      select reporter, sending_mta_ip, sum(counted_failed) as failed,
        row_number() over (partition by reporter order by sum(counted_failed) desc, sending_mta_ip) as place
      from ${addressRows(ctx, filter)} as t
      where sending_mta_ip <> ''
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

function sessionRows(ctx: Context, asked: DailyFilter): Prisma.Sql {
  const filter = { ...asked, failure: undefined };
  const columns = Prisma.sql`report_day, reporter, policy_type, reports::bigint, successful_sessions, failed_sessions,
    counted_successful, counted_failed`;
  return Prisma.sql`(
    ${settled(ctx, filter, Prisma.sql`select ${columns} from tls_total_sessions`)}
    select ${columns} from tls_daily_sessions where ${unsettled(ctx, filter)}
  )`;
}

function failureRows(ctx: Context, asked: DailyFilter): Prisma.Sql {
  const { mx, ip } = asked.failure ?? {};
  const filter = mx === undefined && ip === undefined ? asked : fromDailyTables(asked);
  const columns = Prisma.sql`report_day, reporter, policy_type, result_type, failed_sessions, counted_failed`;
  return Prisma.sql`(
    ${settled(ctx, filter, Prisma.sql`select ${columns} from tls_total_failures`)}
    select ${columns} from tls_daily_failures where ${unsettled(ctx, filter)}
  )`;
}

/** Failures by MX host and reason code: what each policy type says on its own is not among the totals. */
function clusterRows(ctx: Context, asked: DailyFilter): Prisma.Sql {
  const filter = asked.failure || asked.policy !== undefined ? fromDailyTables(asked) : asked;
  const columns = Prisma.sql`reporter, mx_host, reason_code, result_type, 0::bigint as failed_sessions`;
  return Prisma.sql`(
    ${selectMonths("clusters", columns, { ...settledDays(ctx, filter), only: saidBy(filter) })}
    select reporter, mx_host, reason_code, result_type, failed_sessions, counted_failed from tls_daily_failures where ${unsettled(ctx, filter)}
  )`;
}

function addressRows(ctx: Context, asked: DailyFilter): Prisma.Sql {
  const filter = asked.failure || asked.policy !== undefined ? fromDailyTables(asked) : asked;
  const columns = Prisma.sql`reporter, sending_mta_ip`;
  return Prisma.sql`(
    ${selectMonths("addresses", columns, { ...settledDays(ctx, filter), only: saidBy(filter) })}
    select ${columns}, counted_failed from tls_daily_failures where ${unsettled(ctx, filter)}
  )`;
}

/** The same question with every day unsettled: totals do not have what is asked for. */
function fromDailyTables(filter: DailyFilter): DailyFilter {
  return { ...filter, unsettled: daysOf(filter.range) };
}

/** Of one domain there are no totals. */
function settledDays({ accountId }: Context, { range, domainId, unsettled: left }: DailyFilter) {
  const days = domainId === undefined ? daysOf(range).filter((day) => !left.includes(day)) : [];
  return { accountId, days };
}

function settled(ctx: Context, filter: DailyFilter, selected: Prisma.Sql): Prisma.Sql {
  const { days } = settledDays(ctx, filter);
  if (days.length === 0) return Prisma.empty;
  return Prisma.sql`${selected}
    where account_id = ${ctx.accountId} and report_day = any(${days}::date[]) ${narrowed(filter)} union all`;
}

/** Days are listed and not given as a range: so each is one descent of the key, which has the domain behind the day. */
function unsettled(ctx: Context, filter: DailyFilter): Prisma.Sql {
  const { range, domainId, unsettled: left } = filter;
  const days = domainId === undefined ? left : daysOf(range);
  const domain = domainId === undefined ? Prisma.empty : Prisma.sql`and domain_id = ${domainId}::uuid`;
  return Prisma.sql`account_id = ${ctx.accountId} and report_day = any(${days}::date[]) ${domain} ${narrowed(filter)}`;
}

function narrowed(filter: DailyFilter): Prisma.Sql {
  return Prisma.sql`${saidBy(filter)} ${wherePolicy(filter.policy)} ${whereFailure(filter.failure)}`;
}

function saidBy(filter: DailyFilter): Prisma.Sql {
  return whereSource(Prisma.sql`reporter`, filter);
}
