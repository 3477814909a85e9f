import type { Database } from "@waxseal/db";
import { addAccount } from "./add-account.ts";

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
  const membership = await db.member.findFirst({
    where: { userId: user.id },
    // Oldest first, then id: two memberships can be made in the same millisecond.
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  if (membership) return membership.organizationId;
  const account = await addAccount(db, {
    name: options.accountName?.trim().slice(0, 100) || `${ownerTitle(user)}'s account`,
    ownerUserId: user.id,
    actor: { kind: "user", id: user.id, name: ownerTitle(user) },
    at: options.at,
  });
  return account.id;
}

function ownerTitle(user: Owner): string {
  return user.name.replace(/\s+/g, " ").trim().slice(0, 80) || user.email.slice(0, 80);
}
