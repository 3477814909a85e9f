import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { readAccountName } from "./insert-account.ts";

/**
 * Changes a customer's name, or the provider's own name for it; null takes `externalId` away. The same values again change nothing.
 * @throws AppError `forbidden`; `invalid` – bad name; `not_found` – no such customer of this account; `conflict` – another customer has this
 * externalId
 */
export async function changeCustomer(
  ctx: Context,
  input: { customerId: string; name?: string | undefined; externalId?: string | null | undefined },
): Promise<void> {
  requirePermission(ctx, "customers.manage");
  const { accountId: parentId } = ctx;
  await ctx.inTransaction(async (db) => {
    await lockAccount(db, parentId);
    const before = await db.organization.findFirst({ where: { id: input.customerId, parentId } });
    if (!before) throw new AppError("not_found", "There is no such customer.");
    const { id } = before;
    const name = input.name === undefined ? before.name : readAccountName(input.name);
    const externalId = input.externalId === undefined ? before.externalId : input.externalId;
    if (name === before.name && externalId === before.externalId) return;
    const holder =
      externalId === null
        ? null
        : await db.organization.findFirst({ where: { parentId, externalId, id: { not: id } } });
    if (holder)
      throw new AppError("conflict", `The customer ${holder.name} has this externalId.`, {
        reason: "external_id_taken",
        collidesWith: { kind: "customer", id: holder.id },
      });
    await db.organization.update({ where: { id }, data: { name, externalId } });
    await recordEvent(db, ctx, "customer.changed", {
      customerId: id,
      name,
      externalId,
      before: { name: before.name, externalId: before.externalId },
    });
    if (name === before.name) return;
    await recordEvent(db, { ...ctx, accountId: id }, "account.renamed", { before: before.name, after: name });
  });
}
