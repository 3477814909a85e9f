import { MAX_PAGE, type TagBody, type TaggedView, type TagListView, type TagQuery } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { openCursor, sealCursor } from "../list-cursor.ts";
import { makePage, type PageOf } from "../list-page.ts";
import { recordEvents } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { loadTags } from "./load-tags.ts";

const MAX_TAGS_OF_DOMAIN = 20;
const MAX_TAGS_OF_ACCOUNT = 300;
/** Twenty tags each are as many values as a statement has room for. */
const CHUNK_DOMAINS = 500;

type Change = Pick<z.infer<typeof TagBody>, "add" | "remove"> & { domainIds: readonly string[] };

/**
 * Adds tags to domains of this account and its customers, and removes others; all of it or nothing. Each domain whose tags are other
 * ones then has an event in its account's log. Everyone who sees a domain sees its tags.
 *
 * @throws AppError `not_found` – a domain is not here or at a customer; `limit_reached` – a domain would have more than 20 tags, or an
 * account more than 300; `forbidden`
 */
export async function tagDomains(
  ctx: Context,
  { domainIds, add, remove }: Change,
): Promise<z.infer<typeof TaggedView>> {
  requirePermission(ctx, "domains.change");
  const ids = [...new Set(domainIds)];
  return ctx.inTransaction(async (db) => {
    // In one order, so that two changes at once wait for each other instead of failing. The accounts, because tags are counted in each.
    await db.$queryRaw`
      select 1 from account a
      where (a.id = ${ctx.accountId} or a.parent_id = ${ctx.accountId})
        and exists (select 1 from domain d where d.account_id = a.id and d.id = any(${ids}::uuid[]))
      order by a.id for update of a`;
    const rows = await db.$queryRaw<{ accountId: string; id: string }[]>`
      select d.account_id as "accountId", d.id from domain d join account a on a.id = d.account_id
      where d.id = any(${ids}::uuid[]) and (a.id = ${ctx.accountId} or a.parent_id = ${ctx.accountId})
      order by d.account_id, d.id for update of d`;
    if (rows.length !== ids.length) throw new AppError("not_found", "There is no such domain.");
    const accountIds = [...new Set(rows.map(({ accountId }) => accountId))];
    const before = await loadTags(db, accountIds, ids);
    const changes = rows.flatMap(({ accountId, id: domainId }) => {
      const old = before.get(domainId) ?? [];
      const tags = [...new Set([...old, ...add])].filter((tag) => !remove.includes(tag)).sort();
      if (tags.length > MAX_TAGS_OF_DOMAIN) {
        throw new AppError("limit_reached", `A domain has at most ${MAX_TAGS_OF_DOMAIN} tags.`, {
          reason: "too_many_objects",
        });
      }
      return tags.join("\n") === old.toSorted().join("\n")
        ? []
        : [{ accountId, domainId, tags, before: old }];
    });
    const changedIds = changes.map(({ domainId }) => domainId);
    await db.domainTag.deleteMany({
      where: { accountId: { in: accountIds }, domainId: { in: changedIds }, tag: { in: remove } },
    });
    for (let at = 0; at < changes.length; at += CHUNK_DOMAINS) {
      const chunk = changes.slice(at, at + CHUNK_DOMAINS);
      await db.domainTag.createMany({
        data: chunk.flatMap(({ accountId, domainId, tags }) =>
          tags.map((tag) => ({ accountId, domainId, tag })),
        ),
        skipDuplicates: true,
      });
      await recordEvents(
        db,
        ctx,
        "domain.tagged",
        chunk.map(({ accountId, domainId, tags, before: old }) => ({
          accountId,
          domainId,
          data: { tags, before: old },
        })),
      );
    }
    for (const accountId of accountIds) {
      const inUse = await db.domainTag.findMany({ where: { accountId }, distinct: ["tag"] });
      if (inUse.length > MAX_TAGS_OF_ACCOUNT) {
        throw new AppError("limit_reached", `An account has at most ${MAX_TAGS_OF_ACCOUNT} different tags.`, {
          reason: "too_many_objects",
        });
      }
    }
    return { changed: changes.length };
  });
}

/** The tags of this account's domains, or also of its customers', by name; at most 1,000. */
export async function listTags(
  { accountId, db }: Context,
  { scope, ...query }: PageOf<z.infer<typeof TagQuery>>,
): Promise<z.infer<typeof TagListView>> {
  const [, after] = query.cursor === undefined ? [] : openCursor(query.cursor, /^t(\P{Cc}{1,100})$/u);
  const rows = await db.$queryRaw<{ tag: string; domains: number }[]>`
    select t.tag, count(*)::int as domains
    from domain_tag t join account a on a.id = t.account_id
      join domain d on d.account_id = t.account_id and d.id = t.domain_id
    where (a.id = ${accountId} or (${scope === "all"} and a.parent_id = ${accountId})) and d.status <> 'left'
      and (${after ?? null}::text is null or t.tag collate natural_order > ${after ?? null}::text collate natural_order)
    group by t.tag order by t.tag collate natural_order limit ${(query.limit ?? MAX_PAGE) + 1}`;
  const { page, nextCursor } = makePage(rows, query, ({ tag }) => sealCursor(`t${tag}`));
  return { items: page, nextCursor };
}
