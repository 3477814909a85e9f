import type { DomainSummaryView } from "@waxseal/contract";
import { Prisma } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { loadDomainFacts } from "../domains/load-domain-facts.ts";
import { loadTags } from "../domains/load-tags.ts";
import { openCursor, refuseCursor, sealCursor } from "../list-cursor.ts";
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

/**
 * A page of domains, those that need attention first: by health, then by name. Of another account's customers it shows nothing.
 *
 * A domain whose health changes between two pages may have moved before the place of the cursor: the last pages are those whose health
 * changed since the first. Such a domain may come twice, the newer one last, and is never left out.
 */
export async function listRanked(
  ctx: Context,
  query: Query,
  scope: ListScope,
): Promise<{ items: Item[]; nextCursor: string | null; total: number | null }> {
  const { db } = ctx;
  const cursor = readCursor(query.cursor, ctx.now());
  const found =
    cursor.rank === MOVED
      ? await findMoved(ctx, query, scope, cursor)
      : await findPage(ctx, query, scope, cursor);
  const page = found.slice(0, query.limit);
  const accountIds = [...new Set(page.map(({ accountId }) => accountId))];
  const ids = page.map(({ id }) => id);
  const rows = await db.domain.findMany({ where: { accountId: { in: accountIds }, id: { in: ids } } });
  const [facts, tags, hosts, alerts, figures] = await Promise.all([
    loadDomainFacts(db, accountIds, rows),
    loadTags(db, accountIds, ids),
    loadMxHosts(db, rows),
    countAlerts(db, accountIds, ids),
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
        openAlerts: alerts.get(id) ?? 0,
        now: ctx.now(),
      });
      return [{ ...summary, accountId, customer }];
    }),
    total: query.cursor ? null : (found[0]?.total ?? 0),
    nextCursor: last ? formatPlace(cursor, last) : await findMovedCursor(ctx, query, scope, cursor),
  };
}

/** The open alerts of some domains that need attention, by domain id; the table holds what is open and what lately was. */
async function countAlerts(
  db: Context["db"],
  accountIds: readonly string[],
  domainIds: readonly string[],
): Promise<ReadonlyMap<string | null, number>> {
  const groups = await db.alert.groupBy({
    by: ["domainId"],
    where: {
      ...{ accountId: { in: [...accountIds] }, domainId: { in: [...domainIds] } },
      ...{ state: "open", severity: { not: "notice" } },
    },
    _count: true,
  });
  return new Map(groups.map(({ domainId, _count }) => [domainId, _count]));
}

function findPage(ctx: Context, query: Query, scope: ListScope, after: Cursor): Promise<Found[]> {
  // (rank, domain, id) is a strict order: two customers may have the same domain, e.g. (1, a.example, 7…) and (1, a.example, 9…).
  return ctx.db.$queryRaw<Found[]>`
    select *, ${query.cursor ? Prisma.sql`null` : Prisma.sql`count(*) over()`}::int as total
    from ${rankedDomains(ctx.accountId, query, scope)}
    where ${after.rank}::int is null
      or (rank, domain collate natural_order, id) > (${after.rank}::int, ${after.domain} collate natural_order, ${after.id}::uuid)
    order by rank, domain collate natural_order, id
    limit ${query.limit + 1}`;
}

/** In the order of names, which do not change. */
function findMoved(ctx: Context, query: Query, scope: ListScope, after: Cursor): Promise<Found[]> {
  return ctx.db.$queryRaw<Found[]>`
    select *, null::int as total from ${rankedDomains(ctx.accountId, { ...query, movedSince: after.startedAt }, scope)}
    where ${after.id}::uuid is null
      or (domain collate natural_order, id) > (${after.domain} collate natural_order, ${after.id}::uuid)
    order by domain collate natural_order, id
    limit ${query.limit + 1}`;
}

/** After the last page by health: where those that moved begin; null when there are none, or the list fitted into one page. */
async function findMovedCursor(
  ctx: Context,
  query: Query,
  scope: ListScope,
  { rank, startedAt }: Cursor,
): Promise<string | null> {
  if (rank === null || rank === MOVED) return null;
  const start: Cursor = { rank: MOVED, domain: "", id: null, startedAt };
  const [first] = await findMoved(ctx, { ...query, limit: 0 }, scope, start);
  return first ? formatPlace(start, null) : null;
}

/** `startedAt`: when the first page was read. */
type Cursor = { rank: number | null; domain: string; id: string | null; startedAt: Date };

/** In the place of a rank: the pages after those by health. */
const MOVED = 0;
/** Longer than a transaction lasts that changes health: it may be committed after its time. */
const OVERLAP_MS = 60_000;

function formatPlace(
  { rank, startedAt }: Cursor,
  last: Pick<Found, "rank" | "domain" | "id"> | null,
): string {
  const place = rank === MOVED ? MOVED : last?.rank;
  return sealCursor(`${place}_${last?.domain ?? ""}_${last?.id ?? ""}_${startedAt.getTime().toString(36)}`);
}

const PLACE = /^([0-7])_([a-z0-9.-]*)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|)_([0-9a-z]{1,9})$/;

/** None is the beginning. */
function readCursor(cursor: string | undefined, now: Date): Cursor {
  if (cursor === undefined)
    return { rank: null, domain: "", id: null, startedAt: new Date(now.getTime() - OVERLAP_MS) };
  const [, rank, domain = "", id, startedAt = ""] = openCursor(cursor, PLACE);
  if (!id && Number(rank) !== MOVED) throw refuseCursor();
  return { rank: Number(rank), domain, id: id || null, startedAt: new Date(Number.parseInt(startedAt, 36)) };
}
