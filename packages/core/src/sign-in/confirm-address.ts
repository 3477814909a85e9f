import { randomUUID } from "node:crypto";
import type { Database, User } from "@waxseal/db";
import { claimMailbox } from "../accounts/claim-mailbox.ts";

type Confirmation = { email: string; name: string; passwordHash: string; at: Date };

/**
 * Makes the sign-in of a person who has shown that the mailbox is theirs, with this name and password and nothing that was set
 * before. `undefined`, and nothing is changed: the address was confirmed already.
 */
export async function confirmAddress(
  db: Database,
  { email, name, passwordHash, at }: Confirmation,
): Promise<User | undefined> {
  return db.$transaction(async (tx) => {
    // Two links of one address opened at the same instant.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`confirm ${email}`}, 0))`;
    const found = await tx.user.findUnique({ where: { email } });
    if (found?.emailVerified) return undefined;
    const user = found
      ? await claimMailbox(tx, found, { name })
      : await tx.user.create({ data: { id: randomUUID(), email, name, emailVerified: true, createdAt: at } });
    const credential = { id: randomUUID(), accountId: user.id, providerId: "credential", userId: user.id };
    await tx.credential.create({ data: { ...credential, password: passwordHash, createdAt: at } });
    return user;
  });
}
