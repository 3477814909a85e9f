import type { Organization } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { requirePermission } from "../require-permission.ts";
import { readAccountName } from "./insert-account.ts";
import { insertCustomer, type NewCustomer } from "./insert-customer.ts";

/**
 * Makes an account that this one manages: its members work in it with the role they have here, and it sees nothing of
 * them or of each other. A customer has no customers of its own.
 *
 * A customer with the same `externalId` and name is that one: nothing is made, so a script can be repeated. Several calls at once make one.
 * @throws AppError `forbidden`; `invalid` – bad name; `conflict` – this is a customer itself, or the externalId belongs to a customer with
 * another name; `limit_reached`
 */
export async function createCustomer(
  ctx: Context,
  input: NewCustomer,
): Promise<{ customer: Organization; isNew: boolean }> {
  requirePermission(ctx, "customers.manage");
  return ctx.inTransaction(async (db) => {
    await lockAccount(db, ctx.accountId);
    const { externalId } = input;
    const known =
      externalId === undefined
        ? null
        : await db.organization.findFirst({ where: { parentId: ctx.accountId, externalId } });
    if (!known) return { customer: await insertCustomer(db, ctx, input), isNew: true };
    if (known.name === readAccountName(input.name)) return { customer: known, isNew: false };
    throw new AppError("conflict", `The customer with this externalId is named ${known.name}.`, {
      reason: "external_id_taken",
      collidesWith: { kind: "customer", id: known.id },
    });
  });
}
