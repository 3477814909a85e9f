import { Prisma } from "@waxseal/db";
import { allOf } from "../../all-of.ts";
import type { Context } from "../../context.ts";
import { daysOf, type ReportRange } from "../../day-range.ts";
import { matchesSource, type SourceFilter } from "../trust/report-source.ts";
import { type FailureFilter, matchesDomain, matchesFailure, matchesPolicy } from "./match-failure.ts";
import { selectMonths, unionAll } from "./month-figures.ts";

/*
 * The figures of an account, each as one select: settled days from the totals, all other days from the daily tables. They take the place of
 * views, because the days are parameters: a view would look up for every row whether its day is settled, where a listed day is one descent
 * of the key, and a view over distributed tables would have to be distributed with them.
 */

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

const REPORTER = Prisma.sql`reporter`;

/** Selects sessions by day, reporter and policy type; `failure` is not looked at. */
export function selectSessions({ accountId }: Context, filter: DailyFilter): Prisma.Sql {
  const { settled, unsettled } = splitDays(filter);
  const matches = allOf([matchesSource(REPORTER, filter), matchesPolicy(filter.policy)]);
  //   report_day | reporter     | policy_type | counted_successful | counted_failed
  //   2026-03-10 | Example Mail | sts         |                190 |              4   from the totals: all domains together
  //   2026-03-14 | Example Mail | sts         |                 90 |              0   not settled: a row for each domain
  //   2026-03-14 | Example Mail | sts         |                100 |              4
  const totals = Prisma.sql`
    select report_day, reporter, policy_type, reports::bigint, successful_sessions, failed_sessions, counted_successful, counted_failed
    from tls_total_sessions
    where account_id = ${accountId} and report_day = any(${settled}::date[]) and ${matches}`;
  const daily = Prisma.sql`
    select report_day, reporter, policy_type, reports::bigint, successful_sessions, failed_sessions, counted_successful, counted_failed
    from tls_daily_sessions
    where account_id = ${accountId} and report_day = any(${unsettled}::date[])
      and ${matchesDomain(filter.domainId)} and ${matches}`;
  return unionAll(settled.length === 0 ? [daily] : [totals, daily]);
}

/** Selects failures by day, reporter, policy type and result type. The totals know no MX hosts and addresses. */
export function selectFailures({ accountId }: Context, filter: DailyFilter): Prisma.Sql {
  const { mx, ip } = filter.failure ?? {};
  const { settled, unsettled } = splitDays(filter, mx !== undefined || ip !== undefined);
  const matches = matchesAll(filter);
  //   report_day | reporter     | policy_type | result_type         | failed_sessions | counted_failed
  //   2026-03-10 | Example Mail | sts         | certificate-expired |               4 |              4   all domains together
  const totals = Prisma.sql`
    select report_day, reporter, policy_type, result_type, failed_sessions, counted_failed
    from tls_total_failures
    where account_id = ${accountId} and report_day = any(${settled}::date[]) and ${matches}`;
  const daily = Prisma.sql`
    select report_day, reporter, policy_type, result_type, failed_sessions, counted_failed
    from tls_daily_failures
    where account_id = ${accountId} and report_day = any(${unsettled}::date[])
      and ${matchesDomain(filter.domainId)} and ${matches}`;
  return unionAll(settled.length === 0 ? [daily] : [totals, daily]);
}

/** Selects failures by reporter, MX host, reason code and result type. What each policy type says alone is not in the totals: 0 there. */
export function selectClusterFailures({ accountId }: Context, filter: DailyFilter): Prisma.Sql {
  const { settled, unsettled } = splitDays(filter, isAboutOne(filter));
  //   reporter     | mx_host          | reason_code | result_type         | failed_sessions | counted_failed
  //   Example Mail | mx1.example.com  |             | certificate-expired |               0 |              4   settled days of a month
  //   Example Mail | mx1.example.com  |             | certificate-expired |               2 |              2   a day that is not settled
  return unionAll([
    ...selectMonths(
      "tls_month_clusters",
      Prisma.sql`reporter, mx_host, reason_code, result_type, 0::bigint as failed_sessions`,
      { accountId, days: settled, only: matchesSource(REPORTER, filter) },
    ),
    Prisma.sql`
      select reporter, mx_host, reason_code, result_type, failed_sessions, counted_failed
      from tls_daily_failures
      where account_id = ${accountId} and report_day = any(${unsettled}::date[])
        and ${matchesDomain(filter.domainId)} and ${matchesAll(filter)}`,
  ]);
}

/** Selects failures by reporter and sending address; the address is empty where none was named. */
export function selectAddressFailures({ accountId }: Context, filter: DailyFilter): Prisma.Sql {
  const { settled, unsettled } = splitDays(filter, isAboutOne(filter));
  //   reporter     | sending_mta_ip | counted_failed
  //   Example Mail | 192.0.2.1      |              4   settled days of a month
  //   Example Mail | 192.0.2.1      |              2   a day that is not settled
  return unionAll([
    ...selectMonths("tls_month_addresses", Prisma.sql`reporter, sending_mta_ip`, {
      accountId,
      days: settled,
      only: matchesSource(REPORTER, filter),
    }),
    Prisma.sql`
      select reporter, sending_mta_ip, counted_failed
      from tls_daily_failures
      where account_id = ${accountId} and report_day = any(${unsettled}::date[])
        and ${matchesDomain(filter.domainId)} and ${matchesAll(filter)}`,
  ]);
}

/** Whether the question is about a policy or some failures, which tables by month do not tell apart. */
function isAboutOne({ failure, policy }: DailyFilter): boolean {
  return failure !== undefined || policy !== undefined;
}

/** Which days are read from the totals, and which from the daily tables. One domain has no totals. */
function splitDays(
  { range, domainId, unsettled }: DailyFilter,
  isInDailyOnly = false,
): { settled: string[]; unsettled: string[] } {
  const days = daysOf(range);
  if (domainId !== undefined || isInDailyOnly) return { settled: [], unsettled: days };
  return { settled: days.filter((day) => !unsettled.includes(day)), unsettled: [...unsettled] };
}

function matchesAll(filter: DailyFilter): Prisma.Sql {
  return allOf([
    matchesSource(REPORTER, filter),
    matchesPolicy(filter.policy),
    matchesFailure(filter.failure),
  ]);
}
