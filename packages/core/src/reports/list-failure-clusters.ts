import type { ClusterQuery, FailureClusterListView } from "@waxseal/contract";
import { Prisma } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { type FindNetwork, findNoNetwork } from "../networks/index.ts";
import { coverDays, findUnsettledDays, inBlocks } from "./cover-days.ts";
import { explainResult } from "./explain-result.ts";
import { type ClusterEvidence, formatFixMessage } from "./format-fix-message.ts";
import { sumSessions } from "./query-daily-tables.ts";
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
  const { totalSessions, rows } = await queryClusters(ctx, {
    ...range,
    beforeFrom,
    domainId: query.domainId,
  });
  return {
    ...range,
    totalSessions,
    items: await Promise.all(rows.map((row) => presentCluster(row, range.from, totalSessions, findNetwork))),
  };
}

type Named = { name: string; failed: number };

type ClusterRow = {
  result_type: string;
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

/** The 100 with most failures are found by figures alone; only for those it is looked up who is affected. */
async function queryClusters(
  ctx: Context,
  question: { from: string; to: string; beforeFrom: string; domainId: string | undefined },
): Promise<{ totalSessions: number; rows: ClusterRow[] }> {
  const { from, to, beforeFrom, domainId } = question;
  const { db, accountId } = ctx;
  const now = { from, to };
  const before = { from: beforeFrom, to: shiftDay(from, -1) };
  // Of one domain the daily tables are asked: there every day is like an unsettled one.
  const whole = { from: beforeFrom, to };
  const unsettled = domainId === undefined ? await findUnsettledDays(ctx, whole) : daysOf(whole);
  const left = new Set(unsettled);
  const domain = domainId === undefined ? Prisma.empty : Prisma.sql`and domain_id = ${domainId}::uuid`;
  const daily = (days: readonly string[]) =>
    Prisma.sql`account_id = ${accountId} and report_day = any(${days}::date[]) ${domain} and counted_failed > 0`;
  const blocks = inBlocks(ctx, coverDays(now, left));
  const unsettledNow = unsettled.filter((day) => day >= from);
  const [total = { successful: 0, failed: 0 }] = await sumSessions(
    ctx,
    { range: now, domainId, unsettled: unsettledNow },
    "all",
  );
  const alike = Prisma.sql`result_type, mx_host, reporter, reason_code`;
  const rows = await db.$queryRaw<ClusterRow[]>`
    with part as (
      select ${alike}, first_day, last_day, counted_failed as failed, 0::bigint as failed_before
      from tls_total_clusters where ${blocks}
      union all
      select ${alike}, first_day, last_day, 0, counted_failed
      from tls_total_clusters where ${inBlocks(ctx, coverDays(before, left))}
      union all
      select ${alike}, report_day, report_day, case when report_day >= ${from}::date then counted_failed else 0 end,
        case when report_day < ${from}::date then counted_failed else 0 end
      from tls_daily_failures where ${daily(unsettled)}
    ), cluster as materialized (
      select row_number() over (order by sum(failed) desc, ${alike}) as place, ${alike},
        min(first_day) as first_day, max(last_day) as last_day, sum(failed) as failed, sum(failed_before) as failed_before
      from part group by ${alike}
      having sum(failed) > 0
      order by place limit ${MAX_CLUSTERS}
    ), block as materialized (
      select c.place, t.domains, t.addresses from cluster c join tls_total_clusters t using (${alike}) where ${blocks}
    ), late as materialized (
      select c.place, f.domain_id::text, f.sending_mta_ip, f.counted_failed as failed
      from cluster c join tls_daily_failures f using (${alike}) where ${daily(unsettledNow)}
    ), named_domain as (
      select place, jsonb_agg(jsonb_build_object('name', d.domain, 'failed', failed) order by failed desc, d.domain) as named
      from (
        select place, name, sum(failed) as failed, row_number() over (partition by place order by sum(failed) desc, name) as rank
        from (
          select place, key as name, value::bigint as failed from block, jsonb_each_text(domains)
          union all select place, domain_id, failed from late
        ) as said group by place, name
      ) as ranked join domain d on d.account_id = ${accountId} and d.id = ranked.name::uuid
      where rank <= ${MAX_NAMED} group by place
    ), named_address as (
      select place, jsonb_agg(jsonb_build_object('name', name, 'failed', failed) order by rank) as named
      from (
        select place, name, sum(failed) as failed, row_number() over (partition by place order by sum(failed) desc, name) as rank
        from (
          select place, key as name, value::bigint as failed from block, jsonb_each_text(addresses)
          union all select place, sending_mta_ip, failed from late where sending_mta_ip <> ''
        ) as said group by place, name
      ) as ranked
      where rank <= ${MAX_NAMED} group by place
    )
    select c.result_type, c.mx_host, c.reporter, c.reason_code, c.first_day::text, c.last_day::text,
      c.failed::text, c.failed_before::text, named_domain.named as domains, named_address.named as addresses
    from cluster c
    left join named_domain using (place)
    left join named_address using (place)
    order by place`;
  return { totalSessions: total.successful + total.failed, rows };
}

async function presentCluster(
  row: ClusterRow,
  from: string,
  totalSessions: number,
  findNetwork: FindNetwork,
): Promise<View["items"][number]> {
  const { title, meaning, usualOwner: fixedBy, nextStep } = explainResult(row.result_type);
  const failedSessions = safeCount(row.failed);
  const evidence: ClusterEvidence = {
    resultType: row.result_type,
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
    // The message counts the failures of the range only, so it names no day before it.
    message: formatFixMessage({
      ...evidence,
      firstDay: evidence.firstDay < from ? from : evidence.firstDay,
    }),
  };
}

function describeTrend(now: number, failedSessionsBefore: number): Trend {
  if (failedSessionsBefore === 0) return { direction: "new", failedSessionsBefore };
  const change = now / failedSessionsBefore - 1;
  const direction = change > CHANGE ? "rising" : change < -CHANGE ? "falling" : "steady";
  return { direction, failedSessionsBefore };
}
