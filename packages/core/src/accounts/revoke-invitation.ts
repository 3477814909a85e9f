import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";

/**
 * Revokes an open invitation: its link no longer works.
 * @throws AppError `forbidden`; `not_found` – no such open invitation in this account
 */
export async function revokeInvitation(ctx: Context, input: { invitationId: string }): Promise<void> {
  requirePermission(ctx, "members.manage");
  const open = { id: input.invitationId, organizationId: ctx.accountId, status: "pending" };
  await ctx.inTransaction(async (db) => {
    const row = await db.invitation.findFirst({ where: open });
    const { count } = await db.invitation.updateMany({ where: open, data: { status: "canceled" } });
    if (!row || count === 0) throw new AppError("not_found", "There is no such invitation.");
    await recordEvent(db, ctx, "invitation.revoked", { email: row.email, role: row.role });
  });
}
