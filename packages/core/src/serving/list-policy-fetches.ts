import type { FetchQuery, FetchSummaryView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";
import { reportRange } from "../reports/report-range.ts";

type View = z.infer<typeof FetchSummaryView>;
type NetworkRow = Omit<View["networks"][number], "lastHour"> & { lastHour: Date };

const MOST_DAYS = 3_000;
const MOST_NETWORKS = 50;
const DAY_MS = 24 * 3_600_000;

/**
 * How often a domain's policy was fetched in a range of UTC days: by day and version, newest day first, and the client
 * networks that fetched most. What the policy servers answered in the last seconds may be missing.
 *
 * @throws AppError `not_found` – no such domain in this account
 * @throws AppError `invalid` – the range cannot be used
 */
export async function listPolicyFetches(
  ctx: Context,
  input: { domainId: string } & z.infer<typeof FetchQuery>,
): Promise<View> {
  const range = reportRange(input, ctx.now());
  const domain = await getDomain(ctx.db, ctx.accountId, input.domainId);
  const start = new Date(range.from);
  const end = new Date(Date.parse(range.to) + DAY_MS);
  const items = await ctx.db.$queryRaw<View["items"]>`
    select to_char(hour at time zone 'UTC', 'YYYY-MM-DD') as day, version,
           coalesce(sum(fetches) filter (where status = 200), 0)::float8 as served,
           coalesce(sum(fetches) filter (where status <> 200), 0)::float8 as refused
    from policy_fetch
    where account_id = ${ctx.accountId} and domain_id = ${domain.id}::uuid and hour >= ${start} and hour < ${end}
    group by 1, 2
    order by 1 desc, 2 desc
    limit ${MOST_DAYS}`;
  const networks = await ctx.db.$queryRaw<NetworkRow[]>`
    select network, sum(fetches)::float8 as fetches, max(version) as "newestVersion", max(hour) as "lastHour"
    from policy_fetch
    where account_id = ${ctx.accountId} and domain_id = ${domain.id}::uuid and hour >= ${start} and hour < ${end}
      and status = 200
    group by network
    order by fetches desc, network
    limit ${MOST_NETWORKS}`;
  return {
    ...range,
    items,
    networks: networks.map((row) => ({ ...row, lastHour: row.lastHour.toISOString() })),
  };
}
