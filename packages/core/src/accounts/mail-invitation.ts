import { readRole } from "@waxseal/contract";
import type { Invitation, Transaction, User } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { AppError } from "../app-error.ts";
import { findMailBrand } from "../brand/find-mail-brand.ts";
import type { Context } from "../context.ts";
import { allowMail } from "../limits/allow-mail.ts";
import { invitationMail } from "../mail/format-account-mails.ts";
import type { QueueMail } from "../mail/queue-mail.ts";

/** What an invitation needs besides the database. */
export type InviteDeps = { publicUrl: string; queueMail: QueueMail };

/** How long the link of an invitation works. */
export const INVITATION_MS = 7 * DAY_MS;

/** Throws when the mailbox was sent too many invitations, of whatever accounts. @throws AppError `limit_reached` */
export async function refuseTooManyMails(db: Transaction, email: string): Promise<void> {
  if (await allowMail(db, "invitation", email)) return;
  throw new AppError(
    "limit_reached",
    "This address has been sent several invitations already. Try again in a few hours.",
    { reason: "daily_limit" },
  );
}

/** Returns the person whom an invitation names as sender; null when an API key or the operator invites, which use the account's name. */
export async function findInviter(db: Transaction, { actor }: Context): Promise<User | null> {
  return actor.kind === "user" ? db.user.findUnique({ where: { id: actor.id } }) : null;
}

/** Queues the mail with the link of an invitation, whose token only the mail carries; in the caller's transaction. */
export async function mailInvitation(
  db: Transaction,
  { publicUrl, queueMail }: InviteDeps,
  invitation: { row: Invitation & { user: User | null }; token: string; accountName: string },
): Promise<void> {
  const { row, token, accountName } = invitation;
  const mail = invitationMail(
    row.email,
    {
      url: `${publicUrl}/invitations/${token}`,
      accountName,
      inviter: row.user && `${row.user.name} (${row.user.email})`,
      role: readRole(row.role),
      expiresAt: row.expiresAt.toISOString(),
    },
    await findMailBrand(db, row.organizationId),
  );
  await queueMail(db, mail, { kind: "invitation", accountId: row.organizationId });
}
