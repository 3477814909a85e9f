import type { Transaction } from "@waxseal/db";

/** Ends the sessions in which a user works in an account or in one of its customers, and those of its single sign-on. */
export async function endMemberSessions(db: Transaction, userId: string, accountId: string): Promise<void> {
  await db.$executeRaw`
    delete from session where user_id = ${userId} and (active_organization_id = ${accountId} or sso_account_id = ${accountId}
      or active_organization_id in (select id from account where parent_id = ${accountId}))`;
}

/**
 * Moves a user's sessions out of an account and its customers, and ends those of its single sign-on. The other sessions stay valid, so that
 * the person's next request can explain why the account is closed to them.
 */
export async function leaveSessions(db: Transaction, userId: string, accountId: string): Promise<void> {
  await db.session.deleteMany({ where: { userId, ssoAccountId: accountId } });
  await db.$executeRaw`
    update session set active_organization_id = null
    where user_id = ${userId} and (active_organization_id = ${accountId}
      or active_organization_id in (select id from account where parent_id = ${accountId}))`;
}
