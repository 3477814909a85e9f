import { readRole } from "@waxseal/contract";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { leaveSessions } from "./end-member-sessions.ts";
import { endWhatTheyMade } from "./end-what-they-made.ts";
import { lockMember, requireAnotherOwner } from "./lock-member.ts";
import { recordDeparture } from "./record-departure.ts";
import { requireRoleOver } from "./require-role-over.ts";

/**
 * Removes a person from the account and ends the API keys they made and the invitations they sent. Their sessions lose access; their next
 * request is answered with who removed them. Members may remove themselves. With `takesOverKeys` the keys keep working and belong to the
 * caller.
 * @throws AppError `forbidden`; `not_found` – no such member; `conflict` – the last owner
 */
export async function removeMember(
  ctx: Context,
  input: { userId: string; takesOverKeys?: boolean },
): Promise<void> {
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
    await leaveSessions(db, member.userId, accountId);
    const isHeir = input.takesOverKeys === true && !isOneself && ctx.actor.kind === "user";
    await endWhatTheyMade(db, ctx, member.userId, isHeir ? ctx.actor : undefined);
    await recordEvent(db, ctx, "member.removed", { email: member.user.email, before: role, after: null });
    await recordDeparture(db, {
      userIds: [member.userId],
      account: await db.organization.findUniqueOrThrow({ where: { id: accountId } }),
      reason: isOneself ? "left" : "removed",
      byName: isOneself ? null : ctx.actor.name,
      at: ctx.now(),
    });
  });
}
