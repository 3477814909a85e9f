import type { PortfolioQuery, PortfolioView } from "@waxseal/contract";
import { PortfolioState } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { asTyped, escapePattern, presentDomainSummary } from "./list-domains.ts";
import { loadDomainFacts } from "./load-domain-facts.ts";

type Found = { accountId: string; id: string; domain: string; rank: number; customer: string | null };

/** Ranks are places in this list. */
const STATES = PortfolioState.options;

/**
 * The domains of this account and of the customers it manages on one list: faults first, then those setting up, active,
 * leaving and left; by name within each. Of another account's customers it shows nothing.
 *
 * A fault is told here from CNAMEs, publishing and certificate; an MX that no policy covers shows in `problem` only.
 */
export async function listPortfolio(
  ctx: Context,
  query: z.infer<typeof PortfolioQuery>,
): Promise<z.infer<typeof PortfolioView>> {
  const found = await findPage(ctx, query);
  const page = found.slice(0, query.limit);
  const accountIds = [...new Set(page.map(({ accountId }) => accountId))];
  const rows = await ctx.db.domain.findMany({
    where: { accountId: { in: accountIds }, id: { in: page.map(({ id }) => id) } },
  });
  const facts = await loadDomainFacts(ctx.db, accountIds, rows);
  const factsOf = new Map(facts.map((one) => [one.row.id, one]));
  const last = found.length > query.limit ? page.at(-1) : undefined;
  return {
    items: page.flatMap(({ id, rank, accountId, customer }) => {
      const one = factsOf.get(id);
      const state = STATES[rank];
      return one && state ? [{ ...presentDomainSummary(one), state, accountId, customer }] : [];
    }),
    nextCursor: last ? `${last.rank}_${last.domain}_${last.id}` : null,
  };
}

function findPage(ctx: Context, query: z.infer<typeof PortfolioQuery>): Promise<Found[]> {
  const { q = "", state, accountId = null, limit } = query;
  const domainPattern = `%${escapePattern(asTyped(q))}%`;
  const namePattern = `%${escapePattern(q.trim())}%`;
  const wantedRank = state === undefined ? null : STATES.indexOf(state);
  const after = readCursor(query.cursor);
  // (rank, domain, id) is a strict order: two customers may have the same domain, e.g. (1, a.example, 7…) and (1, a.example, 9…).
  return ctx.db.$queryRaw<Found[]>`
    select * from (
      select d.account_id as "accountId", d.id, d.domain,
        case when a.id = ${ctx.accountId} then null else a.name end as customer,
        case
          when d.status in ('pending', 'active') and (d.publish_problem is not null
            or exists (select 1 from setup_record s where s.account_id = d.account_id and s.domain_id = d.id
              and (s.state = 'wrong' or (s.state = 'missing' and d.status = 'active')))
            or exists (select 1 from certificate_name c where c.account_id = d.account_id and c.host = 'mta-sts.' || d.domain
              and c.state = 'failing')) then 0
          when d.status = 'pending' then 1 when d.status = 'active' then 2 when d.status = 'leaving' then 3 else 4
        end as rank
      from account a join domain d on d.account_id = a.id
      where (a.id = ${ctx.accountId} or a.parent_id = ${ctx.accountId})
        and (${accountId}::text is null or a.id = ${accountId})
        and (${q} = '' or d.domain like ${domainPattern} or (a.id <> ${ctx.accountId} and a.name ilike ${namePattern}))
    ) ranked
    where case when ${wantedRank}::int is null then rank < 4 else rank = ${wantedRank}::int end
      and (${after.rank}::int is null
        or (rank, domain collate "C", id) > (${after.rank}::int, ${after.domain} collate "C", ${after.id}::uuid))
    order by rank, domain collate "C", id
    limit ${limit + 1}`;
}

/** A cursor that is none of ours starts at the beginning. */
function readCursor(cursor = ""): { rank: number | null; domain: string; id: string | null } {
  const match = /^([0-4])_([a-z0-9.-]+)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor);
  return match
    ? { rank: Number(match[1]), domain: match[2] ?? "", id: match[3] ?? null }
    : { rank: null, domain: "", id: null };
}
