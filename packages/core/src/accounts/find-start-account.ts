import type { Database } from "@waxseal/db";
import { findUserAccess } from "./find-access.ts";

/**
 * The account where a user's sign-in starts: the one they worked in last while they may, else the oldest one they belong to.
 * `null`: they belong to none.
 */
export async function findStartAccount(
  db: Database,
  user: { id: string; lastAccountId: string | null },
): Promise<string | null> {
  const last = user.lastAccountId && (await findUserAccess(db, user.id, user.lastAccountId));
  if (last) return last.accountId;
  const oldest = await db.member.findFirst({
    where: { userId: user.id },
    // Oldest first, then id: two memberships can be made in the same millisecond.
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return oldest?.organizationId ?? null;
}
