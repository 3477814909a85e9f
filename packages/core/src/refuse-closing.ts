import type { Transaction } from "@waxseal/db";
import { AppError } from "./app-error.ts";

/**
 * Throws while the account is being deleted: what is added then would be deleted with it. Call it after `lockAccount`, so that closing cannot
 * begin in between.
 * @throws AppError `conflict`
 */
export async function refuseClosing(db: Transaction, accountId: string): Promise<void> {
  const account = await db.organization.findUnique({ where: { id: accountId }, select: { closingAt: true } });
  if (account?.closingAt)
    throw new AppError(
      "conflict",
      "This account is being deleted. An owner can keep it under Settings; then this works again.",
      { reason: "account_closing", collidesWith: { kind: "account", id: accountId } },
    );
}
