import type { Transaction } from "@waxseal/db";

/** Signs out all people who signed in by the account's single sign-on. */
export async function endSsoSessions(db: Transaction, accountId: string): Promise<void> {
  await db.session.deleteMany({ where: { ssoAccountId: accountId } });
}
