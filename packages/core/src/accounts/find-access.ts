import { type Role, readRole } from "@waxseal/contract";
import type { Database } from "@waxseal/db";

/** An account somebody may work in, and as what; `requiresTwoFactor` there or where their role comes from. */
export type Access = { accountId: string; role: Role; requiresTwoFactor: boolean };

/**
 * What a user may do in an account: by their membership of it, else by that of the account which manages it.
 * `undefined`: nothing; the account need not exist.
 */
export async function findUserAccess(
  db: Database,
  userId: string,
  accountId: string,
): Promise<Access | undefined> {
  const account = await db.organization.findUnique({
    where: { id: accountId },
    select: { parentId: true, requiresTwoFactor: true, members: { where: { userId } } },
  });
  if (!account) return undefined;
  const { requiresTwoFactor } = account;
  const [own] = account.members;
  if (own) return { accountId, role: readRole(own.role), requiresTwoFactor };
  if (account.parentId === null) return undefined;
  const carried = await db.member.findUnique({
    where: { organizationId_userId: { organizationId: account.parentId, userId } },
    include: { organization: { select: { requiresTwoFactor: true } } },
  });
  if (!carried) return undefined;
  const isRequired = requiresTwoFactor || carried.organization.requiresTwoFactor;
  return { accountId, role: readRole(carried.role), requiresTwoFactor: isRequired };
}

/** Whether an account manages another one. */
export async function isCustomerOf(db: Database, customerId: string, providerId: string): Promise<boolean> {
  return (await db.organization.count({ where: { id: customerId, parentId: providerId } })) > 0;
}
