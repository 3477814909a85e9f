import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";

/**
 * Takes the closing of the account back. Domains that are leaving go on leaving, since senders may have been told so; they can be added again.
 * @throws AppError `forbidden`; `conflict` – it is not being closed
 */
export async function keepAccount(ctx: Context): Promise<void> {
  requirePermission(ctx, "account.close");
  const { accountId } = ctx;
  await ctx.inTransaction(async (db) => {
    const { count } = await db.organization.updateMany({
      where: { id: accountId, closingAt: { not: null } },
      data: { closingAt: null },
    });
    if (count === 0) throw new AppError("conflict", "The account is not being deleted.");
    await recordEvent(db, ctx, "account.keptOpen", {});
  });
}
