import type { PageQuery, SavedFilterBody, SavedFilterListView } from "@waxseal/contract";
import { SavedFilterPage } from "@waxseal/contract";
import type { SavedFilter } from "@waxseal/db";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { pageOf } from "../list-page.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";

type View = z.infer<typeof SavedFilterListView>["items"][number];

const MAX_FILTERS = 100;
const Search = z.record(z.string(), z.string());

/**
 * Saves a filter of a list under a name, for all members of the account. One of that name on that list is replaced.
 * @throws AppError `forbidden`; `limit_reached` – the account has 100
 */
export async function saveFilter(ctx: Context, input: z.infer<typeof SavedFilterBody>): Promise<View> {
  requirePermission(ctx, "domains.change");
  const { accountId } = ctx;
  const { page, name, search } = input;
  return ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    const key = { accountId_page_name: { accountId, page, name } };
    const before = await db.savedFilter.findUnique({ where: key });
    if (!before && (await db.savedFilter.count({ where: { accountId } })) >= MAX_FILTERS) {
      throw new AppError("limit_reached", `An account has at most ${MAX_FILTERS} saved filters.`, {
        reason: "too_many_objects",
      });
    }
    const made = { search, createdAt: ctx.now(), createdBy: ctx.actor.name };
    const row = await db.savedFilter.upsert({
      where: key,
      create: { accountId, page, name, ...made },
      update: made,
    });
    await recordEvent(db, ctx, "savedFilter.created", {
      page,
      name,
      search,
      before: before && Search.parse(before.search),
    });
    return presentFilter(row);
  });
}

/** The account's saved filters, by name. */
export async function listFilters(
  { accountId, db }: Context,
  query: PageQuery = {},
): Promise<z.infer<typeof SavedFilterListView>> {
  const rows = await db.savedFilter.findMany({
    where: { accountId },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: MAX_FILTERS,
  });
  return pageOf({ items: rows.map(presentFilter) }, query, ({ id }) => id);
}

/** Deletes a saved filter. @throws AppError `not_found` – no such filter in this account; `forbidden` */
export async function removeFilter(ctx: Context, { filterId }: { filterId: string }): Promise<void> {
  requirePermission(ctx, "domains.change");
  const key = { accountId: ctx.accountId, id: filterId };
  await ctx.inTransaction(async (db) => {
    const row = await db.savedFilter.findUnique({ where: { accountId_id: key } });
    const { count } = await db.savedFilter.deleteMany({ where: key });
    if (!row || count === 0) throw new AppError("not_found", "There is no such filter.");
    const { page, name } = row;
    await recordEvent(db, ctx, "savedFilter.removed", { page, name, before: Search.parse(row.search) });
  });
}

function presentFilter(row: SavedFilter): View {
  return {
    id: row.id,
    page: SavedFilterPage.parse(row.page),
    name: row.name,
    search: Search.parse(row.search),
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  };
}
