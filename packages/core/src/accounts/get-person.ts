import { type PersonView, readDepartureReason, readRole } from "@waxseal/contract";
import type { z } from "zod";
import type { ContextSource } from "../context.ts";
import type { Person } from "./person.ts";

/** Lines of each kind at most. */
const LIMIT = 20;

/**
 * A person apart from any account: the accounts they belong to, the open invitations of their address, and the accounts they no
 * longer belong to, the latest first. From single sign-on only its own account, and no invitations.
 */
export async function getPerson(
  { db, now }: ContextSource,
  person: Person,
): Promise<z.infer<typeof PersonView>> {
  const { id, name, email, ssoAccountId } = person;
  const isSso = ssoAccountId !== null;
  const members = await db.member.findMany({
    where: { userId: id, ...(isSso && { organizationId: ssoAccountId }) },
    include: { organization: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const departures = await db.departure.findMany({
    where: { userId: id, ...(isSso && { formerAccountId: ssoAccountId }) },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: LIMIT,
  });
  const invitations = await db.invitation.findMany({
    where: { email: isSso ? "" : email, status: "pending", expiresAt: { gt: now() } },
    include: { organization: true, user: true },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: LIMIT,
  });
  const app = await db.twoFactor.findFirst({ where: { userId: id, user: { twoFactorEnabled: true } } });
  return {
    name,
    email,
    recoveryCodesLeft: app?.recoveryCodesLeft ?? null,
    mayStartAccount: !isSso,
    accounts: members.map((row) => ({
      id: row.organizationId,
      name: row.organization.name,
      role: readRole(row.role),
    })),
    departures: departures.map((row) => ({
      accountId: row.formerAccountId,
      accountName: row.accountName,
      reason: readDepartureReason(row.reason),
      by: row.byName,
      at: row.at.toISOString(),
    })),
    invitations: invitations.map(({ organization, user, role, expiresAt }) => ({
      accountName: organization.name,
      role: readRole(role),
      invitedBy: user && { name: user.name, email: user.email },
      expiresAt: expiresAt.toISOString(),
    })),
  };
}
