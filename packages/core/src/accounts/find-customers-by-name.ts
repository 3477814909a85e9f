import type { Transaction } from "@waxseal/db";
import type { Context } from "../context.ts";

/** Ids of the account's customers by lower-case name; of two with one name the older counts. */
export async function findCustomersByName(
  ctx: Pick<Context, "accountId"> & { db: Transaction },
  names: readonly string[],
): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const wanted = names.map((name) => name.toLowerCase());
  // Newest first, so that in the map the older of two overwrites the newer.
  const rows = await ctx.db.$queryRaw<{ id: string; name: string }[]>`
    select id, name from account
    where parent_id = ${ctx.accountId} and lower(name) = any(${wanted})
    order by created_at desc, id desc`;
  return new Map(rows.map(({ id, name }) => [name.toLowerCase(), id]));
}
