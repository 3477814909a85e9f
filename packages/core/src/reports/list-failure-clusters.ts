import type { ClusterQuery, FailureClusterListView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { type FindNetwork, findNoNetwork } from "../networks/index.ts";
import { explainResult } from "./explain-result.ts";
import { type ClusterEvidence, formatFixMessage } from "./format-fix-message.ts";
import { daysOf, reportRange, shiftDay } from "./report-range.ts";
import { requireOwnDomain } from "./require-own-domain.ts";
import { safeCount } from "./safe-count.ts";

type View = z.infer<typeof FailureClusterListView>;
type Trend = View["items"][number]["trend"];

const MAX_CLUSTERS = 100;
const MAX_NAMED = 10;

/** A quarter more or less than before is a change; anything smaller is the noise of a mail server's week. */
const CHANGE = 0.25;

/**
 * The failures of an account in a range of days, those alike together, with what they mean, whose move it is, and a message.
 *
 * Alike are failures of one result type at one MX host, said by one reporter with one reason. The 100 clusters with most
 * failed sessions are listed. The trend compares with the period of the same length before the range.
 *
 * @throws AppError `not_found` – no such domain in this account
 * @throws AppError `invalid` – the range cannot be used
 *
 * RFC 8460 §4.3
 */
export async function listFailureClusters(
  ctx: Context,
  query: z.infer<typeof ClusterQuery>,
  { findNetwork = findNoNetwork }: { findNetwork?: FindNetwork } = {},
): Promise<View> {
  const range = reportRange(query, ctx.now());
  await requireOwnDomain(ctx, query.domainId);
  const beforeFrom = shiftDay(range.from, -daysOf(range).length);
  const rows = await queryClusters(ctx, { ...range, beforeFrom, domainId: query.domainId ?? null });
  const totalSessions = safeCount(rows[0]?.total ?? null);
  const items = rows.flatMap((row) =>
    row.result_type === null ? [] : [{ ...row, resultType: row.result_type }],
  );
  return {
    ...range,
    totalSessions,
    items: await Promise.all(items.map((row) => presentCluster(row, totalSessions, findNetwork))),
  };
}

type Named = { name: string; failed: number };

type ClusterRow = {
  total: string | null;
  result_type: string | null;
  mx_host: string;
  reporter: string;
  reason_code: string;
  first_day: string;
  last_day: string;
  failed: string;
  failed_before: string;
  domains: Named[] | null;
  addresses: Named[] | null;
};

/** One row a cluster; the only row has no result type when there is none. */
async function queryClusters(
  { db, accountId }: Context,
  {
    from,
    to,
    beforeFrom,
    domainId,
  }: { from: string; to: string; beforeFrom: string; domainId: string | null },
): Promise<ClusterRow[]> {
  return db.$queryRaw<ClusterRow[]>`
    with total as (
      select sum(counted_successful + counted_failed) as sessions from tls_daily_sessions
      where account_id = ${accountId} and report_day between ${from}::date and ${to}::date
        and (${domainId}::uuid is null or domain_id = ${domainId}::uuid)
    ), said as materialized (
      select result_type, mx_host, reporter, reason_code, domain_id, sending_mta_ip,
        min(report_day) as first_day, max(report_day) as last_day,
        sum(case when report_day >= ${from}::date then counted_failed else 0 end) as failed,
        sum(case when report_day < ${from}::date then counted_failed else 0 end) as failed_before
      from tls_daily_failures
      where account_id = ${accountId} and report_day between ${beforeFrom}::date and ${to}::date
        and (${domainId}::uuid is null or domain_id = ${domainId}::uuid) and counted_failed > 0
      group by 1, 2, 3, 4, 5, 6
    ), cluster as (
      select row_number() over (order by sum(failed) desc, result_type, mx_host, reporter, reason_code) as place,
        result_type, mx_host, reporter, reason_code, min(first_day) as first_day, max(last_day) as last_day,
        sum(failed) as failed, sum(failed_before) as failed_before
      from said group by result_type, mx_host, reporter, reason_code
      having sum(failed) > 0
      order by place limit ${MAX_CLUSTERS}
    ), here as (
      select c.place, s.domain_id, s.sending_mta_ip, s.failed
      from cluster c join said s using (result_type, mx_host, reporter, reason_code) where s.failed > 0
    ), named_domain as (
      select place, jsonb_agg(jsonb_build_object('name', d.domain, 'failed', failed) order by failed desc, d.domain) as named
      from (
        select place, domain_id, sum(failed) as failed,
          row_number() over (partition by place order by sum(failed) desc, domain_id) as rank
        from here group by place, domain_id
      ) as ranked join domain d on d.account_id = ${accountId} and d.id = ranked.domain_id
      where rank <= ${MAX_NAMED} group by place
    ), named_address as (
      select place, jsonb_agg(jsonb_build_object('name', sending_mta_ip, 'failed', failed) order by rank) as named
      from (
        select place, sending_mta_ip, sum(failed) as failed,
          row_number() over (partition by place order by sum(failed) desc, sending_mta_ip) as rank
        from here where sending_mta_ip <> '' group by place, sending_mta_ip
      ) as ranked
      where rank <= ${MAX_NAMED} group by place
    )
    select total.sessions::text as total, c.result_type, c.mx_host, c.reporter, c.reason_code, c.first_day::text, c.last_day::text,
      c.failed::text, c.failed_before::text, named_domain.named as domains, named_address.named as addresses
    from total
    left join cluster c on true
    left join named_domain using (place)
    left join named_address using (place)
    order by place`;
}

async function presentCluster(
  row: ClusterRow & { resultType: string },
  totalSessions: number,
  findNetwork: FindNetwork,
): Promise<View["items"][number]> {
  const { title, meaning, usualOwner: fixedBy, nextStep } = explainResult(row.resultType);
  const failedSessions = safeCount(row.failed);
  const evidence: ClusterEvidence = {
    resultType: row.resultType,
    mxHost: row.mx_host,
    reporter: row.reporter,
    reasonCode: row.reason_code,
    title,
    firstDay: row.first_day,
    lastDay: row.last_day,
    failedSessions,
    domains: (row.domains ?? []).map(({ name }) => name),
    sendingAddresses: await Promise.all(
      (row.addresses ?? []).map(async ({ name, failed }) => ({
        sendingMtaIp: name,
        failedSessions: failed,
        network: await findNetwork(name),
      })),
    ),
    meaning,
    fixedBy,
    nextStep,
  };
  return {
    ...evidence,
    share: totalSessions === 0 ? 0 : Math.min(1, failedSessions / totalSessions),
    trend: describeTrend(failedSessions, safeCount(row.failed_before)),
    message: formatFixMessage(evidence),
  };
}

function describeTrend(now: number, failedSessionsBefore: number): Trend {
  if (failedSessionsBefore === 0) return { direction: "new", failedSessionsBefore };
  const change = now / failedSessionsBefore - 1;
  const direction = change > CHANGE ? "rising" : change < -CHANGE ? "falling" : "steady";
  return { direction, failedSessionsBefore };
}
