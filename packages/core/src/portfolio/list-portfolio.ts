import type { PortfolioQuery, PortfolioView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { loadDomainFacts } from "../domains/load-domain-facts.ts";
import { loadTags } from "../domains/load-tags.ts";
import { refuseCursor } from "../list-cursor.ts";
import { presentDomainSummary } from "./list-domains.ts";
import { PORTFOLIO_STATES, rankedDomains } from "./ranked-domains.ts";

type Found = { accountId: string; id: string; domain: string; rank: number; customer: string | null };

/**
 * The domains of this account and of the customers it manages on one list: faults first, then those setting up, active,
 * leaving and left; by name within each. Of another account's customers it shows nothing.
 */
export async function listPortfolio(
  ctx: Context,
  query: z.infer<typeof PortfolioQuery>,
): Promise<z.infer<typeof PortfolioView>> {
  const found = await findPage(ctx, query);
  const page = found.slice(0, query.limit);
  const accountIds = [...new Set(page.map(({ accountId }) => accountId))];
  const ids = page.map(({ id }) => id);
  const rows = await ctx.db.domain.findMany({ where: { accountId: { in: accountIds }, id: { in: ids } } });
  const [facts, tags] = await Promise.all([
    loadDomainFacts(ctx.db, accountIds, rows),
    loadTags(ctx.db, accountIds, ids),
  ]);
  const factsOf = new Map(facts.map((one) => [one.row.id, one]));
  const last = found.length > query.limit ? page.at(-1) : undefined;
  return {
    items: page.flatMap(({ id, rank, accountId, customer }) => {
      const one = factsOf.get(id);
      const state = PORTFOLIO_STATES[rank];
      if (!one || !state) return [];
      return [{ ...presentDomainSummary(one, tags), state, accountId, customer }];
    }),
    nextCursor: last ? `${last.rank}_${last.domain}_${last.id}` : null,
  };
}

function findPage(ctx: Context, query: z.infer<typeof PortfolioQuery>): Promise<Found[]> {
  const after = readCursor(query.cursor);
  // (rank, domain, id) is a strict order: two customers may have the same domain, e.g. (1, a.example, 7…) and (1, a.example, 9…).
  return ctx.db.$queryRaw<Found[]>`
    select * from ${rankedDomains(ctx.accountId, query)}
    where ${after.rank}::int is null
      or (rank, domain collate "C", id) > (${after.rank}::int, ${after.domain} collate "C", ${after.id}::uuid)
    order by rank, domain collate "C", id
    limit ${query.limit + 1}`;
}

/** Empty is the beginning. */
function readCursor(cursor = ""): { rank: number | null; domain: string; id: string | null } {
  const match = /^([0-4])_([a-z0-9.-]+)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor);
  if (cursor !== "" && !match) throw refuseCursor();
  return match
    ? { rank: Number(match[1]), domain: match[2] ?? "", id: match[3] ?? null }
    : { rank: null, domain: "", id: null };
}
