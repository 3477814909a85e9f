import { randomBytes } from "node:crypto";
import { readRole } from "@waxseal/contract";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import { refuseClosing } from "../refuse-closing.ts";
import { requirePermission } from "../require-permission.ts";
import { hashSecret } from "./hash-secret.ts";
import { type InvitationItem, presentInvitation } from "./list-invitations.ts";
import {
  findInviter,
  INVITATION_MS,
  type InviteDeps,
  mailInvitation,
  refuseTooManyMails,
} from "./mail-invitation.ts";
import { requireRoleOver } from "./require-role-over.ts";

/**
 * Mails an open or expired invitation again, in the name of the caller. The new link works for seven days from now; the earlier one ends.
 * @throws AppError `forbidden`; `not_found` – accepted, revoked, or never made; `conflict` – the account is being deleted;
 * `limit_reached` – this mailbox was sent too many
 */
export async function resendInvitation(
  ctx: Context,
  input: { invitationId: string },
  deps: InviteDeps,
): Promise<InvitationItem> {
  requirePermission(ctx, "members.manage");
  const { accountId } = ctx;
  const token = randomBytes(24).toString("base64url");
  return ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    await refuseClosing(db, accountId);
    const old = await db.invitation.findFirst({
      where: { id: input.invitationId, organizationId: accountId, status: "pending" },
      include: { organization: true },
    });
    if (!old) throw new AppError("not_found", "There is no such invitation.");
    const role = readRole(old.role);
    requireRoleOver(ctx, role);
    await refuseTooManyMails(db, old.email);
    const inviter = await findInviter(db, ctx);
    const row = await db.invitation.update({
      where: { id: old.id },
      data: {
        tokenHash: hashSecret(token),
        expiresAt: new Date(ctx.now().getTime() + INVITATION_MS),
        inviterId: inviter?.id ?? null,
      },
    });
    await recordEvent(db, ctx, "member.invited", { email: row.email, role, again: true });
    const item = { ...row, user: inviter };
    await mailInvitation(db, deps, { row: item, token, accountName: old.organization.name });
    return presentInvitation(item, ctx.now());
  });
}
