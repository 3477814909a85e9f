import type { DomainSummaryView } from "@waxseal/contract";
import { Prisma } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { loadDomainFacts } from "../domains/load-domain-facts.ts";
import { loadTags } from "../domains/load-tags.ts";
import { refuseCursor } from "../list-cursor.ts";
import { loadReportFigures } from "../reports/totals/load-report-figures.ts";
import { unlessAway } from "../reports/totals/unless-away.ts";
import { loadMxHosts } from "../watching/load-judged-facts.ts";
import { presentDomainSummary } from "./present-domain-summary.ts";
import { type DomainFilter, type ListScope, rankedDomains } from "./ranked-domains.ts";

type Found = {
  accountId: string;
  id: string;
  domain: string;
  rank: number;
  customer: string | null;
  total: number | null;
};
type Query = DomainFilter & { cursor?: string | undefined; limit: number };
type Item = z.infer<typeof DomainSummaryView> & { accountId: string; customer: string | null };

/** A page of domains, those that need attention first: by health, then by name. Of another account's customers it shows nothing. */
export async function listRanked(
  ctx: Context,
  query: Query,
  scope: ListScope,
): Promise<{ items: Item[]; nextCursor: string | null; total: number | null }> {
  const { db } = ctx;
  const found = await findPage(ctx, query, scope);
  const page = found.slice(0, query.limit);
  const accountIds = [...new Set(page.map(({ accountId }) => accountId))];
  const ids = page.map(({ id }) => id);
  const rows = await db.domain.findMany({ where: { accountId: { in: accountIds }, id: { in: ids } } });
  const [facts, tags, hosts, figures] = await Promise.all([
    loadDomainFacts(db, accountIds, rows),
    loadTags(db, accountIds, ids),
    loadMxHosts(db, rows),
    unlessAway(
      loadReportFigures(
        ctx.reports,
        page.map(({ accountId, id }) => ({ accountId, domainId: id })),
        ctx.now(),
      ),
    ),
  ]);
  const factsOf = new Map(facts.map((one) => [one.row.id, one]));
  const last = found.length > query.limit ? page.at(-1) : undefined;
  return {
    items: page.flatMap(({ id, accountId, customer }) => {
      const one = factsOf.get(id);
      if (!one) return [];
      const summary = presentDomainSummary(one, {
        tags: tags.get(id) ?? [],
        figures: figures?.get(id) ?? null,
        hosts,
      });
      return [{ ...summary, accountId, customer }];
    }),
    total: query.cursor ? null : (found[0]?.total ?? 0),
    nextCursor: last ? `${last.rank}_${last.domain}_${last.id}` : null,
  };
}

function findPage(ctx: Context, query: Query, scope: ListScope): Promise<Found[]> {
  const after = readCursor(query.cursor);
  // (rank, domain, id) is a strict order: two customers may have the same domain, e.g. (1, a.example, 7…) and (1, a.example, 9…).
  return ctx.db.$queryRaw<Found[]>`
    select *, ${query.cursor ? Prisma.sql`null` : Prisma.sql`count(*) over()`}::int as total
    from ${rankedDomains(ctx.accountId, query, scope)}
    where ${after.rank}::int is null
      or (rank, domain collate natural_order, id) > (${after.rank}::int, ${after.domain} collate natural_order, ${after.id}::uuid)
    order by rank, domain collate natural_order, id
    limit ${query.limit + 1}`;
}

/** Empty is the beginning. */
function readCursor(cursor = ""): { rank: number | null; domain: string; id: string | null } {
  const match = /^([1-7])_([a-z0-9.-]+)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor);
  if (cursor !== "" && !match) throw refuseCursor();
  return match
    ? { rank: Number(match[1]), domain: match[2] ?? "", id: match[3] ?? null }
    : { rank: null, domain: "", id: null };
}
