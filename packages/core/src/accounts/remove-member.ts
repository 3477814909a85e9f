import { readRole } from "@waxseal/contract";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { endMemberSessions } from "./end-member-sessions.ts";
import { lockMember, requireAnotherOwner } from "./lock-member.ts";
import { requireRoleOver } from "./require-role-over.ts";

/**
 * Takes a person out of the account and ends their sessions in it. Anyone may take themselves out.
 * API keys belong to the account and stay.
 * @throws AppError `forbidden`; `not_found` – no such member; `conflict` – the last owner
 */
export async function removeMember(ctx: Context, input: { userId: string }): Promise<void> {
  const isOneself = ctx.actor.kind === "user" && ctx.actor.id === input.userId;
  if (!isOneself) requirePermission(ctx, "members.manage");
  const { accountId } = ctx;
  await ctx.inTransaction(async (db) => {
    const member = await lockMember(db, accountId, input.userId);
    const role = readRole(member.role);
    if (!isOneself) requireRoleOver(ctx, role);
    await requireAnotherOwner(db, member);
    await db.member.delete({ where: { id: member.id } });
    await db.ssoIdentity.deleteMany({ where: { accountId, userId: member.userId } });
    await endMemberSessions(db, member.userId, accountId);
    await recordEvent(db, ctx, "member.removed", { email: member.user.email, before: role, after: null });
  });
}
