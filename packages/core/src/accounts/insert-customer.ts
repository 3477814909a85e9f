import type { Organization, Transaction } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import { refuseClosing } from "../refuse-closing.ts";
import { insertAccount } from "./insert-account.ts";

/** A customer to be made; `externalId` is the provider's own name for it. */
export type NewCustomer = { name: string; externalId?: string | undefined };

const MAX_CUSTOMERS = 2_000;

/**
 * Makes a customer of the account in the caller's transaction.
 * @throws AppError `invalid` – bad name; `conflict` – this is a customer itself; `limit_reached`
 */
export async function insertCustomer(
  db: Transaction,
  ctx: Context,
  input: NewCustomer,
): Promise<Organization> {
  const { accountId: parentId } = ctx;
  await lockAccount(db, parentId);
  await refuseClosing(db, parentId);
  const own = await db.organization.findUniqueOrThrow({ where: { id: parentId } });
  if (own.parentId !== null)
    throw new AppError("conflict", "A customer has no customers of its own.", {
      reason: "customer_of_customer",
      collidesWith: { kind: "account", id: parentId },
    });
  if ((await db.organization.count({ where: { parentId } })) >= MAX_CUSTOMERS) {
    throw new AppError("limit_reached", `An account manages at most ${MAX_CUSTOMERS} customers.`, {
      reason: "too_many_objects",
    });
  }
  const customer = await insertAccount(db, ctx, { ...input, parentId });
  const { id: customerId, name, externalId } = customer;
  await recordEvent(db, ctx, "customer.created", { name, customerId, ...(externalId && { externalId }) });
  return customer;
}
