import { domainToASCII } from "node:url";
import type { DomainListQuery, DomainListView, DomainSummaryView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { describeDomainState } from "../domain-views/describe-domain-state.ts";
import { presentStoredHealth } from "../domain-views/present-health.ts";
import { type DomainFacts, loadDomainFacts } from "../domains/load-domain-facts.ts";
import { loadTags } from "../domains/load-tags.ts";
import { refuseCursor } from "../list-cursor.ts";

/** The account's domains by name; `q` is any part of a name, `cursor` the last name of the page before. */
export async function listDomains(
  ctx: Context,
  query: z.infer<typeof DomainListQuery>,
): Promise<z.infer<typeof DomainListView>> {
  const { limit } = query;
  const found = await findPage(ctx, query);
  const rows = await ctx.db.domain.findMany({
    where: { accountId: ctx.accountId, id: { in: found } },
    orderBy: { domain: "asc" },
  });
  const page = rows.slice(0, limit);
  const ids = page.map(({ id }) => id);
  const [facts, tags] = await Promise.all([
    loadDomainFacts(ctx.db, ctx.accountId, page),
    loadTags(ctx.db, [ctx.accountId], ids),
  ]);
  return {
    items: facts.map((one) => presentDomainSummary(one, tags)),
    nextCursor: rows.length > limit ? (page.at(-1)?.domain ?? null) : null,
  };
}

/** One more than the page holds, if there is one. */
async function findPage(
  { accountId, db }: Context,
  { q = "", status, tag, cursor = "", limit }: z.infer<typeof DomainListQuery>,
): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    select d.id from domain d
    where d.account_id = ${accountId} and d.domain > ${readCursor(cursor)}
      and (${status ?? null}::domain_status is null or d.status = ${status ?? null}::domain_status)
      and (${q} = '' or d.domain like ${`%${escapePattern(asTyped(q))}%`})
      and (${tag ?? null}::text is null or exists (select 1 from domain_tag t
        where t.account_id = d.account_id and t.domain_id = d.id and t.tag = ${tag?.toLowerCase() ?? null}))
    order by d.domain limit ${limit + 1}`;
  return rows.map(({ id }) => id);
}

/** A domain as lists show it; `tags` by domain id. */
export function presentDomainSummary(
  facts: DomainFacts,
  tags: ReadonlyMap<string, string[]>,
): z.infer<typeof DomainSummaryView> {
  const { row, records, policy, certificate } = facts;
  const health = presentStoredHealth(row, policy?.mode ?? null);
  return {
    id: row.id,
    domain: row.domain,
    status: row.status,
    mode: policy?.mode ?? null,
    ...describeDomainState(facts, null, health),
    health,
    setupStates: {
      policyHost: records.policyHost.state,
      stsRecord: records.stsRecord.state,
      tlsRptRecord: records.tlsRptRecord.state,
    },
    tags: tags.get(row.id) ?? [],
    certificateNotAfter: certificate?.notAfter.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

/** Part of a name as the database has it: lower case, U-labels as A-labels when it is a whole label. */
export function asTyped(q: string): string {
  const tidy = q.trim().toLowerCase();
  return /[^\p{ASCII}]/u.test(tidy) ? domainToASCII(tidy) || tidy : tidy;
}

/** "_" and "%" mean themselves. */
export function escapePattern(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

/** Empty is the beginning. */
function readCursor(cursor: string): string {
  if (!/^[a-z0-9.-]*$/.test(cursor)) throw refuseCursor();
  return cursor;
}
