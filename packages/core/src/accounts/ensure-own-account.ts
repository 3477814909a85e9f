import type { Database, Transaction } from "@waxseal/db";
import { type Actor, createContext } from "../context.ts";
import { insertAccount } from "./insert-account.ts";
import { lockUser } from "./lock-user.ts";

type Owner = { id: string; name: string; email: string };

/**
 * The id of the account a user works in: the oldest one they belong to, else a new one of their own, called `accountName`
 * or "<name>'s account". Safe to call again.
 */
export async function ensureOwnAccount(
  db: Database,
  user: Owner,
  options: { accountName?: string | undefined; at: Date },
): Promise<string> {
  const known = await findOldestAccount(db, user.id);
  if (known !== undefined) return known;
  const actor: Actor = { kind: "user", id: user.id, name: ownerTitle(user) };
  const ctx = createContext({ db, now: () => options.at }, "", actor);
  return ctx.inTransaction(async (transaction) => {
    // Two first sign-ins at once would each make one.
    await lockUser(transaction, user.id);
    const made = await findOldestAccount(transaction, user.id);
    if (made !== undefined) return made;
    const name = options.accountName?.trim().slice(0, 100) || `${ownerTitle(user)}'s account`;
    return (await insertAccount(transaction, ctx, { name, ownerUserId: user.id })).id;
  });
}

async function findOldestAccount(db: Database | Transaction, userId: string): Promise<string | undefined> {
  const membership = await db.member.findFirst({
    where: { userId },
    // Oldest first, then id: two memberships can be made in the same millisecond.
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return membership?.organizationId;
}

function ownerTitle(user: Owner): string {
  return user.name.replace(/\s+/g, " ").trim().slice(0, 80) || user.email.slice(0, 80);
}
