import { type Role, readRole } from "@waxseal/contract";
import type { Database, Transaction } from "@waxseal/db";

/** An account a person may work in, and their role; `requiresTwoFactor` there or where their role comes from, `homeId`. */
export type Access = { accountId: string; role: Role; requiresTwoFactor: boolean; homeId: string };

/**
 * Returns a user's role in an account, by membership of it or else of the account that manages it; undefined when the user has none or the
 * account does not exist. With `onlyHomeId` only a membership of that account counts.
 */
export async function findUserAccess(
  db: Database | Transaction,
  userId: string,
  accountId: string,
  onlyHomeId: string | null = null,
): Promise<Access | undefined> {
  const account = await db.organization.findUnique({
    where: { id: accountId },
    select: { parentId: true, requiresTwoFactor: true, members: { where: { userId } } },
  });
  if (!account) return undefined;
  const { requiresTwoFactor } = account;
  const [own] = account.members;
  const isHome = (homeId: string) => onlyHomeId === null || homeId === onlyHomeId;
  if (own && isHome(accountId))
    return { accountId, role: readRole(own.role), requiresTwoFactor, homeId: accountId };
  if (account.parentId === null || !isHome(account.parentId)) return undefined;
  const carried = await db.member.findUnique({
    where: { organizationId_userId: { organizationId: account.parentId, userId } },
    include: { organization: { select: { requiresTwoFactor: true } } },
  });
  if (!carried) return undefined;
  const isRequired = requiresTwoFactor || carried.organization.requiresTwoFactor;
  const homeId = carried.organizationId;
  return { accountId, role: readRole(carried.role), requiresTwoFactor: isRequired, homeId };
}

/**
 * Whether the account a role comes from wants its members to come by its single sign-on. Owners are not asked, so that a provider which fails
 * shuts no one out for good.
 */
export async function requiresSso(db: Database, { homeId, role }: Access): Promise<boolean> {
  if (role === "owner") return false;
  const sso = await db.accountSso.findUnique({ where: { accountId: homeId }, select: { isRequired: true } });
  return sso?.isRequired ?? false;
}

/**
 * Whether a user has a role in more than one account, by membership or as a member of the account's provider. With `onlyHomeId` only
 * a membership of that account counts.
 */
export async function hasSeveralAccounts(
  db: Database,
  userId: string,
  onlyHomeId: string | null = null,
): Promise<boolean> {
  const found = await db.$queryRaw<{ id: string }[]>`
    with home as (
      select account_id as id from member
      where user_id = ${userId} and (${onlyHomeId}::text is null or account_id = ${onlyHomeId}))
    select id from home
    union
    select a.id from account a join home on a.parent_id = home.id
    limit 2`;
  return found.length > 1;
}

/** Whether an account manages another one. */
export async function isCustomerOf(
  db: Database | Transaction,
  customerId: string,
  providerId: string,
): Promise<boolean> {
  return (await db.organization.count({ where: { id: customerId, parentId: providerId } })) > 0;
}
