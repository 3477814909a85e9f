import { randomUUID } from "node:crypto";
import { readRole } from "@waxseal/contract";
import { AppError } from "../app-error.ts";
import { type ContextSource, createContext } from "../context.ts";
import { refuseMemberOverQuota } from "../limits/account-quota.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import { findInvitationByToken } from "./find-invitation-link.ts";
import type { Person } from "./person.ts";

/**
 * Makes a person a member of the account that invited them, with the token of the mailed link and the address it was sent to; neither is
 * enough alone. Their session works in that account from then on.
 * @throws AppError `not_found` – expired, used, revoked, or never made; `forbidden` – another address, or the single sign-on of another account; `limit_reached`
 */
export async function acceptInvitation(
  source: ContextSource,
  person: Person,
  input: { invitationToken: string },
): Promise<{ accountId: string }> {
  return source.db.$transaction(async (db) => {
    const found = await findInvitationByToken(db, input.invitationToken, source.now());
    const { organizationId: accountId } = found;
    await lockAccount(db, accountId);
    // Again, under the lock: it may have been accepted or revoked just now.
    const invitation = await findInvitationByToken(db, input.invitationToken, source.now());
    if (invitation.email !== person.email.toLowerCase())
      throw new AppError(
        "forbidden",
        `This invitation was sent to another address. Sign out, then sign in as ${invitation.email}.`,
        { reason: "other_address" },
      );
    if (person.ssoAccountId !== null && person.ssoAccountId !== accountId)
      throw new AppError(
        "forbidden",
        "You came by the single sign-on of another account. Sign in with your password or a passkey to join this one.",
        { reason: "sso_session" },
      );
    const role = readRole(invitation.role);
    const member = { organizationId: accountId, userId: person.id };
    const isMember = (await db.member.count({ where: member })) > 0;
    if (!isMember) await refuseMemberOverQuota(db, accountId, { at: source.now(), invited: false });
    await db.invitation.update({ where: { id: invitation.id }, data: { status: "accepted" } });
    if (!isMember) {
      await db.member.create({ data: { ...member, id: randomUUID(), role, createdAt: source.now() } });
      const actor = { kind: "user", id: person.id, name: person.name } as const;
      const ctx = createContext(source, accountId, actor, role);
      await recordEvent(db, ctx, "member.joined", { email: person.email, role });
    }
    if (person.ssoAccountId === null)
      await db.user.update({ where: { id: person.id }, data: { lastAccountId: accountId } });
    await db.session.updateMany({
      where: { id: person.sessionId },
      data: { activeOrganizationId: accountId },
    });
    return { accountId };
  });
}
