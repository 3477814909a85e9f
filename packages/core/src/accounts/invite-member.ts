import { randomBytes, randomUUID } from "node:crypto";
import type { Role } from "@waxseal/contract";
import type { Transaction } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { refuseMemberOverQuota } from "../limits/account-quota.ts";
import { lockFamily } from "../lock-account.ts";
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

const MAX_PENDING = 100;
/** Limit for an account, its provider and the provider's other customers together. Each invitation mails an address of the caller's choice. */
const MAX_A_DAY = 300;

/**
 * Invites a person by mail; the link works for seven days, for that address only, and nothing but its token accepts the invitation. A
 * second invitation of the same address replaces the first.
 * @throws AppError `forbidden`; `conflict` – a member already; `limit_reached` – 100 invitations are open, 300 were made in a day, or
 * this mailbox was sent too many
 */
export async function inviteMember(
  ctx: Context,
  input: { email: string; role: Role },
  deps: InviteDeps,
): Promise<InvitationItem> {
  requirePermission(ctx, "members.manage");
  requireRoleOver(ctx, input.role);
  const email = input.email.trim().toLowerCase();
  const { accountId: organizationId } = ctx;
  const token = randomBytes(24).toString("base64url");
  return ctx.inTransaction(async (db) => {
    const topId = await lockFamily(db, organizationId);
    await refuseClosing(db, organizationId);
    const account = await db.organization.findUniqueOrThrow({ where: { id: organizationId } });
    const member = await db.member.findFirst({ where: { organizationId, user: { email } } });
    if (member) {
      throw new AppError("conflict", `${email} is a member already.`, {
        reason: "member_exists",
        collidesWith: { kind: "member", id: member.userId },
      });
    }
    await refuseTooMany(db, ctx, topId);
    await refuseTooManyMails(db, email);
    const pending = { organizationId, status: "pending" };
    await db.invitation.updateMany({ where: { ...pending, email }, data: { status: "canceled" } });
    const open = await db.invitation.count({ where: { ...pending, expiresAt: { gt: ctx.now() } } });
    await refuseMemberOverQuota(db, organizationId, { at: ctx.now(), invited: true });
    if (open >= MAX_PENDING)
      throw new AppError("limit_reached", "There are 100 open invitations already.", {
        reason: "too_many_objects",
      });
    const createdAt = ctx.now();
    const inviter = await findInviter(db, ctx);
    const row = await db.invitation.create({
      data: {
        ...pending,
        id: randomUUID(),
        email,
        role: input.role,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + INVITATION_MS),
        tokenHash: hashSecret(token),
        inviterId: inviter?.id ?? null,
      },
    });
    await recordEvent(db, ctx, "member.invited", { email, role: input.role });
    const item = { ...row, user: inviter };
    await mailInvitation(db, deps, { row: item, token, accountName: account.name });
    return presentInvitation(item, ctx.now());
  });
}

async function refuseTooMany(db: Transaction, { now }: Context, topId: string): Promise<void> {
  const since = new Date(now().getTime() - DAY_MS);
  const [made] = await db.$queryRaw<{ n: number }[]>`
    select count(*)::int as n from invitation i join account a on a.id = i.account_id
    where i.created_at > ${since} and (a.id = ${topId} or a.parent_id = ${topId})`;
  if ((made?.n ?? 0) >= MAX_A_DAY)
    throw new AppError("limit_reached", `At most ${MAX_A_DAY} invitations are mailed a day.`, {
      reason: "daily_limit",
    });
}
