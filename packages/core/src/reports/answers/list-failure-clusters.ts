import type { ClusterQuery, FailureClusterListView } from "@waxseal/contract";
import { Prisma } from "@waxseal/db";
import type { z } from "zod";
import { allOf } from "../../all-of.ts";
import type { Context } from "../../context.ts";
import { daysOf, reportRange, shiftDay } from "../../day-range.ts";
import { findDomainNames } from "../../domains/find-domain-names.ts";
import { type PageOf, pageOf } from "../../list-page.ts";
import { type FindNetwork, findNoNetwork } from "../../networks/create-network-finder.ts";
import { type FailureFilter, matchesDomain, matchesFailure, matchesPolicy } from "../totals/match-failure.ts";
import { selectMonths, unionAll } from "../totals/month-figures.ts";
import { findLastReportDays, sumSessions } from "../totals/query-daily-tables.ts";
import { CLUSTER, sumClusterDays } from "../totals/sum-cluster-days.ts";
import { findUnsettledDays } from "../totals/unsettled-days.ts";
import { matchesSource, readSource } from "../trust/report-source.ts";
import { loadOwnModes } from "./describe-held-policy.ts";
import { evidenceKey, findCause, findPolicyEvidence } from "./find-policy-evidence.ts";
import { type ClusterPart, presentCluster } from "./present-cluster.ts";
import { requireOwnDomain } from "./require-own-domain.ts";

type View = z.infer<typeof FailureClusterListView>;

const MAX_CLUSTERS = 100;
/** What different reporters say in different words is put together afterwards, so more than are shown. */
const MAX_PARTS = 300;
const MAX_NAMED = 10;

/**
 * The failures of an account in a range of days, one cluster a cause, with what they mean, who has to act, and a message.
 *
 * A cause is what failed at one MX host, from all reporters and in all wordings; a policy that does not list the MX hosts is one cause
 * for all of them. The 100 clusters with most failed sessions are listed; with a filter those of it. Shares are of all
 * sessions. The trend compares with the period of the same length before the range.
 *
 * @throws AppError `not_found` – no such domain in this account
 * @throws AppError `invalid` – the range cannot be used
 *
 * RFC 8460 §4.3
 */
export async function listFailureClusters(
  ctx: Context,
  query: PageOf<z.infer<typeof ClusterQuery>>,
  { findNetwork = findNoNetwork }: { findNetwork?: FindNetwork } = {},
): Promise<View> {
  const range = reportRange(query, ctx.now());
  await requireOwnDomain(ctx, query.domainId);
  const beforeFrom = shiftDay(range.from, -daysOf(range).length);
  const { totalSessions, rows } = await queryClusters(ctx, {
    ...range,
    beforeFrom,
    domainId: query.domainId,
    source: query.source,
    trust: query.trust,
    policy: query.policy,
    failure: { result: query.result, mx: query.mx, ip: query.ip },
  });
  const [evidence, lastReportDays] = await Promise.all([
    findPolicyEvidence(ctx, {
      ...range,
      domainId: query.domainId,
      trust: query.trust,
      resultTypes: [...new Set(rows.map(({ result_type }) => result_type))],
    }),
    findLastReportDays(ctx, range, query.domainId),
  ]);
  const parts = rows.map<ClusterPart>((row) => {
    const failure = {
      resultType: row.result_type,
      mxHost: row.mx_host,
      reporter: row.reporter,
      reasonCode: row.reason_code,
    };
    const policies = evidence.get(evidenceKey(failure)) ?? [];
    const { shown, trust } = readSource(row.reporter);
    return { row: { ...row, reporter: shown, trust }, policies, cause: findCause(failure, policies) };
  });
  const quoted = parts.flatMap(({ policies }) => policies);
  const ownModes = await loadOwnModes(ctx, quoted, range.from);
  const clusters = [...Map.groupBy(parts, clusterKey).values()].map((group) =>
    presentCluster(ctx, group, {
      from: range.from,
      totalSessions,
      trust: query.trust,
      lastReportDays,
      ownModes,
      findNetwork,
    }),
  );
  const items = (await Promise.all(clusters)).sort((a, b) => b.failedSessions - a.failedSessions);
  const page = { cursor: query.cursor, limit: query.limit ?? MAX_CLUSTERS };
  return pageOf({ ...range, totalSessions, items }, page, ({ cause, mxHost }) => `${cause} ${mxHost}`);
}

/** A policy that lacks MX hosts is one cause at all of them. */
function clusterKey({ cause, row }: ClusterPart): string {
  return cause === "policy-mx-mismatch" ? cause : `${cause} ${row.mx_host}`;
}

type Question = {
  from: string;
  to: string;
  beforeFrom: string;
  domainId: string | undefined;
  source: string | undefined;
  trust: z.infer<typeof ClusterQuery>["trust"];
  policy: string | undefined;
  failure: FailureFilter;
};

/** `reporter` is a source key. */
type FoundRow = Omit<ClusterPart["row"], "trust">;

/** The clusters with most failures are found by figures alone; only for those it is looked up when, where and who is affected. */
async function queryClusters(
  ctx: Context,
  question: Question,
): Promise<{ totalSessions: number; rows: FoundRow[] }> {
  const { from, to, beforeFrom, domainId, source, trust, policy, failure } = question;
  const { accountId } = ctx;
  const days = daysOf({ from: beforeFrom, to });
  // Of one domain, policy or address the daily tables are asked: there every day is like an unsettled one.
  const isInTotals = domainId === undefined && policy === undefined && failure.ip === undefined;
  const unsettled = isInTotals ? await findUnsettledDays(ctx, { from: beforeFrom, to }) : days;
  const settled = days.filter((day) => !unsettled.includes(day));
  const isNow = (day: string) => day >= from;
  const totals = sumSessions(
    ctx,
    { range: { from, to }, domainId, source: undefined, trust, unsettled: unsettled.filter(isNow) },
    "all",
  );
  const matches = allOf([
    matchesSource(Prisma.sql`reporter`, { source, trust }),
    matchesPolicy(policy),
    matchesFailure(failure),
  ]);
  const inMonths = { accountId, days: settled.filter(isNow), only: matches };
  const alike = Prisma.sql`result_type, mx_host, reporter, reason_code`;
  const months = [...new Set(inMonths.days.map((day) => `${day.slice(0, 7)}-01`))];
  // A cluster whose failures at two domains began before the range, most failures first:
  //   result_type certificate-expired | mx_host mx1.example.com | first_day 2026-02-20 | last_day 2026-03-12 | failed 11 |
  //   failed_before 4 | domains [{"name": "<domain id>", "failed": 7}, …] | addresses [{"name": "192.0.2.1", "failed": 9}, …]
  const asked = ctx.reports.$queryRaw<FoundRow[]>`
    with late as materialized (
      select ${CLUSTER} as cluster, ${alike}, report_day, domain_id, sending_mta_ip, counted_failed from tls_daily_failures
      where account_id = ${accountId} and report_day = any(${unsettled}::date[])
        and ${matchesDomain(domainId)} and ${matches} and counted_failed > 0
    ), by_domain as materialized (
      select cluster, domain_id, sum(counted_failed)::bigint as failed from (
        ${unionAll([
          ...selectMonths("tls_month_clusters", Prisma.sql`cluster, domain_id`, inMonths),
          Prisma.sql`select cluster, domain_id, counted_failed from late where report_day >= ${from}::date`,
        ])}
      ) as said group by 1, 2
      having sum(counted_failed) > 0
    ), worst as materialized (
      select cluster, sum(failed) as failed from by_domain group by 1 order by 2 desc, 1 limit ${MAX_PARTS}
    ), late_worst as materialized (
      select late.* from late join worst using (cluster)
    ), called as materialized (
      select worst.cluster, text.* from worst cross join lateral (
        (select ${alike} from tls_month_clusters
          where account_id = ${accountId} and month = any(${months}::date[]) and cluster = worst.cluster limit 1)
        union all
        (select ${alike} from late_worst where cluster = worst.cluster limit 1)
        limit 1
      ) as text
    ), on_day as materialized (
      select report_day, cluster, counted_failed, addresses, addresses_failed from tls_total_clusters
      where account_id = ${accountId} and report_day = any(${settled}::date[]) and cluster = any(array(select cluster from worst))
      union all
      ${sumClusterDays(Prisma.sql`select report_day, cluster, sending_mta_ip, counted_failed from late_worst`)}
    ), seen as materialized (
      select cluster, min(report_day) as first_day, max(report_day) as last_day,
        coalesce(sum(counted_failed) filter (where report_day < ${from}::date), 0) as failed_before
      from on_day group by 1
    ), named_address as materialized (
      select cluster, jsonb_agg(jsonb_build_object('name', name, 'failed', failed) order by rank) as named
      from (
        select cluster, name, sum(failed) as failed,
          row_number() over (partition by cluster order by sum(failed) desc, name collate "C") as rank
        from (
          select cluster, unnest(addresses) as name, unnest(addresses_failed) as failed from on_day where report_day >= ${from}::date
        ) as address group by 1, 2
      ) as ranked where rank <= ${MAX_NAMED} group by 1
    ), named_domain as materialized (
      select cluster, jsonb_agg(jsonb_build_object('name', domain_id, 'failed', failed) order by rank) as named
      from (
        select cluster, domain_id, by_domain.failed,
          row_number() over (partition by cluster order by by_domain.failed desc, domain_id) as rank
        from by_domain join worst using (cluster)
      ) as ranked where rank <= ${MAX_NAMED} group by 1
    )
    select ${alike}, first_day::text, last_day::text, failed::text, failed_before::text, named_domain.named as domains,
      named_address.named as addresses
    from worst
    join called using (cluster)
    join seen using (cluster)
    left join named_domain using (cluster)
    left join named_address using (cluster)
    order by worst.failed desc, ${alike}`;
  const [{ sums }, rows] = await Promise.all([totals, asked]);
  const [total = { successful: 0, failed: 0 }] = sums;
  return { totalSessions: total.successful + total.failed, rows: await nameDomains(ctx, rows) };
}

/** Puts names in place of the domains' ids, most failures first, then by name. */
async function nameDomains(ctx: Context, rows: readonly FoundRow[]): Promise<FoundRow[]> {
  const ids = rows.flatMap(({ domains }) => domains?.map(({ name }) => name) ?? []);
  const domainOf = await findDomainNames(ctx, ids);
  return rows.map((row) => ({
    ...row,
    domains: (row.domains ?? [])
      .flatMap(({ name: id, failed }) => {
        const name = domainOf.get(id);
        return name === undefined ? [] : [{ name, failed }];
      })
      .sort((a, b) => b.failed - a.failed || (a.name < b.name ? -1 : 1)),
  }));
}
