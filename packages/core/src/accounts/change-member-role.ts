import { type Role, readRole } from "@waxseal/contract";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { endMemberSessions } from "./end-member-sessions.ts";
import { endWhatTheyMade } from "./end-what-they-made.ts";
import { lockMember, requireAnotherOwner } from "./lock-member.ts";
import { requireRoleOver } from "./require-role-over.ts";

/**
 * Gives a member another role. Their sessions in this account end, so no page of theirs shows what they no longer may; API keys they
 * made with more rights than the new role has end too.
 * @throws AppError `forbidden`; `not_found` – no such member; `conflict` – the last owner
 */
export async function changeMemberRole(ctx: Context, input: { userId: string; role: Role }): Promise<void> {
  requirePermission(ctx, "members.manage");
  const { accountId } = ctx;
  await ctx.inTransaction(async (db) => {
    const member = await lockMember(db, accountId, input.userId);
    const before = readRole(member.role);
    requireRoleOver(ctx, before, input.role);
    if (before === input.role) return;
    await requireAnotherOwner(db, member);
    await db.member.update({ where: { id: member.id }, data: { role: input.role } });
    if (ctx.actor.id !== member.userId) {
      await endMemberSessions(db, member.userId, accountId);
    }
    await endWhatTheyMade(db, ctx, member.userId);
    await recordEvent(db, ctx, "member.roleChanged", { email: member.user.email, before, after: input.role });
  });
}
