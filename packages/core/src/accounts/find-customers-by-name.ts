import type { Transaction } from "@waxseal/db";
import type { Context } from "../context.ts";

/** Ids of the account's customers by lower-case name; of several with one name all, oldest first. */
export async function findCustomersByName(
  ctx: Pick<Context, "accountId"> & { db: Transaction },
  names: readonly string[],
): Promise<Map<string, string[]>> {
  if (names.length === 0) return new Map();
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  // Compared here: what Postgres calls lower case depends on its locale, and with C "Ä" stays as it is.
  const rows = await ctx.db.organization.findMany({
    where: { parentId: ctx.accountId },
    select: { id: true, name: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const found = Map.groupBy(
    rows.filter(({ name }) => wanted.has(name.toLowerCase())),
    ({ name }) => name.toLowerCase(),
  );
  return new Map([...found].map(([name, customers]) => [name, customers.map(({ id }) => id)]));
}
