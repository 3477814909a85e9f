import type { CustomerView } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { addAccount } from "./add-account.ts";

const MAX_CUSTOMERS = 2_000;

/**
 * Makes an account that this one manages: its members work in it with the role they have here, and it sees nothing of
 * them or of each other. A customer has no customers of its own.
 * @throws AppError `forbidden`; `invalid` – bad name; `conflict` – this is a customer itself; `limit_reached`
 */
export async function createCustomer(
  ctx: Context,
  input: { name: string },
): Promise<z.infer<typeof CustomerView>> {
  requirePermission(ctx, "customers.manage");
  const { accountId: parentId, db } = ctx;
  const own = await db.organization.findUniqueOrThrow({ where: { id: parentId } });
  if (own.parentId !== null) throw new AppError("conflict", "A customer has no customers of its own.");
  if ((await db.organization.count({ where: { parentId } })) >= MAX_CUSTOMERS) {
    throw new AppError("limit_reached", `An account manages at most ${MAX_CUSTOMERS} customers.`);
  }
  const { id, name, createdAt } = await addAccount(db, {
    ...input,
    parentId,
    actor: ctx.actor,
    at: ctx.now(),
  });
  await ctx.inTransaction((db) => recordEvent(db, ctx, "customer.created", { name, customerId: id }));
  return { id, name, domains: 0, active: 0, pending: 0, problems: 0, createdAt: createdAt.toISOString() };
}
