import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { readAccountName } from "./insert-account.ts";

/**
 * Gives the account another name.
 * @throws AppError `forbidden`; `invalid` – the name is empty or longer than 100 characters
 */
export async function renameAccount(ctx: Context, input: { name: string }): Promise<void> {
  requirePermission(ctx, "account.manage");
  const name = readAccountName(input.name);
  await ctx.inTransaction(async (db) => {
    const where = { id: ctx.accountId };
    const { name: before } = await db.organization.findUniqueOrThrow({ where });
    if (before === name) return;
    await db.organization.update({ where, data: { name } });
    await recordEvent(db, ctx, "account.renamed", { before, after: name });
  });
}
