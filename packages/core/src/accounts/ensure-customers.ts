import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { requirePermission } from "../require-permission.ts";
import { findCustomersByName } from "./find-customers-by-name.ts";
import { insertCustomer } from "./insert-customer.ts";

/**
 * Ids of the account's customers by lower-case name; those that do not exist are made, all or none. Of several with one name all are returned. Several calls at once make each once.
 * @throws AppError `forbidden` – one is to be made; `invalid` – bad name; `conflict` – this is a customer itself; `limit_reached`
 */
export async function ensureCustomers(
  ctx: Context,
  names: readonly string[],
): Promise<Map<string, string[]>> {
  const isThere = (customers: ReadonlyMap<string, string[]>) => (name: string) =>
    customers.has(name.toLowerCase());
  const known = await findCustomersByName(ctx, names);
  if (names.every(isThere(known))) return known;
  requirePermission(ctx, "customers.manage");
  return ctx.inTransaction(async (db) => {
    await lockAccount(db, ctx.accountId);
    const customers = await findCustomersByName({ accountId: ctx.accountId, db }, names);
    for (const name of names) {
      if (isThere(customers)(name)) continue;
      customers.set(name.toLowerCase(), [(await insertCustomer(db, ctx, { name })).id]);
    }
    return customers;
  });
}
