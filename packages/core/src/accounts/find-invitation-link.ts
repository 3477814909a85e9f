import { type InvitationLinkView, readRole } from "@waxseal/contract";
import { formatInstant } from "@waxseal/contract/format-instant";
import type { Database, Invitation, Organization, Transaction } from "@waxseal/db";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { ContextSource } from "../context.ts";
import { hashSecret } from "./hash-secret.ts";

type LinkedInvitation = Invitation & { organization: Organization };

/**
 * Returns what an invitation link shows its holder; the token is a secret that only the mail carries. It also returns an accepted invitation,
 * so that a person admitted by single sign-on in between can continue.
 * @throws AppError `not_found` – expired, revoked, replaced, or never made; the message says which
 */
export async function getInvitationLink(
  { db, now }: ContextSource,
  invitationToken: string,
): Promise<z.infer<typeof InvitationLinkView>> {
  const row = await findByToken(db, invitationToken);
  const isAccepted = row?.status === "accepted";
  if (!row || (!isAccepted && isVoid(row, now()))) throw await explainVoid(db, row);
  const inviter = row.inviterId && (await db.user.findUnique({ where: { id: row.inviterId } }));
  return {
    accountId: row.organizationId,
    isAccepted,
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
): Promise<LinkedInvitation> {
  const row = await findByToken(db, invitationToken);
  if (!row || isVoid(row, now)) throw await explainVoid(db, row);
  return row;
}

function findByToken(db: Database | Transaction, invitationToken: string): Promise<LinkedInvitation | null> {
  return db.invitation.findUnique({
    where: { tokenHash: hashSecret(invitationToken) },
    include: { organization: true },
  });
}

function isVoid({ status, expiresAt, organization }: LinkedInvitation, now: Date): boolean {
  return status !== "pending" || expiresAt <= now || organization.closingAt !== null;
}

/** Explains the state of the invitation: only the holder of the mail has the token, so they may read it. */
async function explainVoid(db: Database | Transaction, row: LinkedInvitation | null): Promise<AppError> {
  if (!row)
    return new AppError(
      "not_found",
      "This link is not valid, or a newer mail has replaced it. Open the newest invitation, or ask for a new one.",
    );
  const { name, closingAt } = row.organization;
  if (row.status === "accepted")
    return new AppError("not_found", `This invitation to ${name} was accepted already.`);
  if (closingAt) return new AppError("not_found", `${name} is being deleted, so no one can join it.`);
  const inviter = row.inviterId && (await db.user.findUnique({ where: { id: row.inviterId } }));
  const ask = `Ask ${inviter ? `${inviter.name} (${inviter.email})` : name} for a new one.`;
  if (row.status !== "pending")
    return new AppError("not_found", `This invitation to ${name} was revoked. ${ask}`);
  const when = formatInstant(row.expiresAt.toISOString());
  return new AppError("not_found", `This invitation to ${name} expired on ${when}. ${ask}`);
}
