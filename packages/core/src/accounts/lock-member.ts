import type { Member, Transaction, User } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import { lockAccount } from "../lock-account.ts";

/**
 * Returns a member of the account by user id, and locks the account until the transaction ends: two owners who remove each other at once
 * take turns, and one of them remains.
 * @throws AppError `not_found` – no such member in this account
 */
export async function lockMember(
  db: Transaction,
  accountId: string,
  userId: string,
): Promise<Member & { user: User }> {
  await lockAccount(db, accountId);
  const member = await db.member.findUnique({
    where: { organizationId_userId: { organizationId: accountId, userId } },
    include: { user: true },
  });
  if (!member) throw new AppError("not_found", "There is no such member.");
  return member;
}

/**
 * Throws when the member is the account's last owner.
 * @throws AppError `conflict`
 */
export async function requireAnotherOwner(db: Transaction, member: Member): Promise<void> {
  if (member.role !== "owner") return;
  const { organizationId } = member;
  const others = await db.member.count({ where: { organizationId, role: "owner", id: { not: member.id } } });
  if (others === 0)
    throw new AppError("conflict", "An account keeps at least one owner. Make another one first.", {
      reason: "last_owner",
      collidesWith: { kind: "member", id: member.userId },
    });
}
