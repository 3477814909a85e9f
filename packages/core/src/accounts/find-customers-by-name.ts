import type { Transaction } from "@waxseal/db";
import type { Context } from "../context.ts";

/** Ids of the account's customers by lower-case name; of two with one name the older counts. */
export async function findCustomersByName(
  ctx: Pick<Context, "accountId"> & { db: Transaction },
  names: readonly string[],
): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  // Compared here: what Postgres calls lower case depends on its locale, and with C "Ä" stays as it is.
  // Newest first, so that in the map the older of two overwrites the newer.
  const rows = await ctx.db.organization.findMany({
    where: { parentId: ctx.accountId },
    select: { id: true, name: true },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  const byName = rows.map(({ id, name }): [string, string] => [name.toLowerCase(), id]);
  return new Map(byName.filter(([name]) => wanted.has(name)));
}
