import type { AccountSso, Database, Transaction } from "@waxseal/db";

/**
 * The single sign-on that takes an email address: of the account whose token is in the DNS of the address's domain, when that
 * domain is among those it names. No user is looked up, so it says nothing about who exists.
 */
export async function findSsoFor(db: Database | Transaction, email: string): Promise<AccountSso | undefined> {
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();
  const claim = await db.domainClaim.findUnique({ where: { domain } });
  if (!claim) return undefined;
  const sso = await db.accountSso.findUnique({ where: { accountId: claim.accountId } });
  return sso?.domains.includes(domain) ? sso : undefined;
}
