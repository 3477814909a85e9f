import { type Role, readRole } from "@waxseal/contract";
import type { Database } from "@waxseal/db";

/** An account somebody may work in, and as what. */
export type Access = { accountId: string; role: Role };

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
    select: { parentId: true, members: { where: { userId } } },
  });
  if (!account) return undefined;
  const [own] = account.members;
  if (own) return { accountId, role: readRole(own.role) };
  if (account.parentId === null) return undefined;
  const carried = await db.member.findUnique({
    where: { organizationId_userId: { organizationId: account.parentId, userId } },
  });
  return carried ? { accountId, role: readRole(carried.role) } : undefined;
}

/** Whether an account manages another one. */
export async function isCustomerOf(db: Database, customerId: string, providerId: string): Promise<boolean> {
  return (await db.organization.count({ where: { id: customerId, parentId: providerId } })) > 0;
}
