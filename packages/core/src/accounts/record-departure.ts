import type { DepartureReason } from "@waxseal/contract";
import type { Transaction } from "@waxseal/db";

type Departing = {
  userIds: readonly string[];
  account: { id: string; name: string };
  reason: DepartureReason;
  byName: string | null;
  at: Date;
};

/** Keeps for people who no longer belong to an account what they read at their next visit; in the caller's transaction. */
export async function recordDeparture(
  db: Transaction,
  { userIds, account, reason, byName, at }: Departing,
): Promise<void> {
  await db.departure.createMany({
    data: userIds.map((userId) => ({
      userId,
      formerAccountId: account.id,
      accountName: account.name,
      reason,
      byName,
      at,
    })),
  });
}
