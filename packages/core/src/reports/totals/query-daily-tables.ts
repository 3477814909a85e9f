import { Prisma } from "@waxseal/db";
import type { Context } from "../../context.ts";
import { daysOf, type ReportRange } from "../../day-range.ts";
import { safeCount } from "../../safe-count.ts";
import { readSource, selectTrust, type TrustLevel } from "../trust/report-source.ts";
import {
  type DailyFilter,
  selectAddressFailures,
  selectClusterFailures,
  selectFailures,
  selectSessions,
} from "./select-figures.ts";
import { findUnsettledDays } from "./unsettled-days.ts";

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
    from (${selectSessions(ctx, { ...filter, trust: undefined })}) as figure
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
    from (${selectSessions(ctx, filter)}) as figure
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
    from (${selectSessions(ctx, { range, domainId, source: undefined, unsettled })}) as figure
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
  const isByCluster = key === "mx" || key === "reason";
  const failures = isByCluster ? selectClusterFailures(ctx, filter) : selectFailures(ctx, filter);
  const rows = await ctx.reports.$queryRaw<
    { key: string; result_type: string; failed: string; said_failed: string; proven: string }[]
  >`
    select ${FAILURE_KEYS[key]} as key, result_type,
      sum(counted_failed)::text as failed, sum(failed_sessions)::text as said_failed,
      coalesce(sum(counted_failed) filter (where ${TRUST} = 'aligned'), 0)::text as proven
    from (${failures}) as figure
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
      from (${selectAddressFailures(ctx, filter)}) as figure
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
