import type { Transaction, User } from "@waxseal/db";

/**
 * Confirms a user's address, once a person has shown that the mailbox is theirs: by a mailed link, or by the identity provider of the
 * account that has the domain. Returns the user as they are then; in the caller's transaction.
 *
 * Everything that was set for an unconfirmed address opens nothing from then on: password, passkeys, authenticator app and sessions
 * may be those of a stranger who was there first. With `keepsPassword` the password is the one that was set by the mailed link itself.
 * A user whose address is confirmed is left as they are.
 */
export async function claimMailbox(
  db: Transaction,
  user: User,
  { keepsPassword = false, name }: { keepsPassword?: boolean; name?: string } = {},
): Promise<User> {
  if (user.emailVerified) return user;
  const where = { userId: user.id };
  if (!keepsPassword) await db.credential.deleteMany({ where });
  await db.passkey.deleteMany({ where });
  await db.twoFactor.deleteMany({ where });
  await db.session.deleteMany({ where });
  return db.user.update({
    where: { id: user.id },
    data: { emailVerified: true, twoFactorEnabled: false, ...(name !== undefined && { name }) },
  });
}
