import { type InvitationLinkView, readRole } from "@waxseal/contract";
import type { Database, Invitation, Organization, Transaction } from "@waxseal/db";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { ContextSource } from "../context.ts";
import { hashSecret } from "./hash-secret.ts";

/**
 * What the link of an invitation mail says, to its holder: the token is a secret that only the mail carries.
 * @throws AppError `not_found` – expired, used, revoked, or never made
 */
export async function getInvitationLink(
  { db, now }: ContextSource,
  invitationToken: string,
): Promise<z.infer<typeof InvitationLinkView>> {
  const row = await findInvitationByToken(db, invitationToken, now());
  const inviter = row.inviterId && (await db.user.findUnique({ where: { id: row.inviterId } }));
  return {
    accountName: row.organization.name,
    email: row.email,
    role: readRole(row.role),
    invitedBy: inviter ? { name: inviter.name, email: inviter.email } : null,
    expiresAt: row.expiresAt.toISOString(),
  };
}

/** The open invitation whose link has this token. @throws AppError `not_found` */
export async function findInvitationByToken(
  db: Database | Transaction,
  invitationToken: string,
  now: Date,
): Promise<Invitation & { organization: Organization }> {
  const row = await db.invitation.findUnique({
    where: { tokenHash: hashSecret(invitationToken) },
    include: { organization: true },
  });
  if (row?.status !== "pending" || row.expiresAt <= now || row.organization.closingAt)
    throw new AppError(
      "not_found",
      "This invitation has expired, was used or was revoked. Ask for a new one.",
    );
  return row;
}
