import type { Database } from "@waxseal/db";
import { AppError } from "../app-error.ts";

/**
 * Suspends an account: from now on no one can work in it, and its API keys are refused with `reason`. Its policies, records and certificates
 * are kept up, and its reports taken, so that no mail is refused. An account that is suspended already gets the new reason.
 * @throws AppError `not_found` – the account was deleted
 */
export async function suspendAccount(
  { db, now }: { db: Database; now(): Date },
  accountId: string,
  reason: string,
): Promise<void> {
  const suspendedReason = reason.trim().slice(0, 500) || null;
  const { count } = await db.organization.updateMany({
    where: { id: accountId },
    data: { suspendedReason },
  });
  if (count === 0) throw new AppError("not_found", "There is no such account.");
  await db.organization.updateMany({
    where: { id: accountId, suspendedAt: null },
    data: { suspendedAt: now() },
  });
}

/** Ends the suspension of an account. @throws AppError `conflict` – it is not suspended */
export async function resumeAccount(db: Database, accountId: string): Promise<void> {
  const { count } = await db.organization.updateMany({
    where: { id: accountId, suspendedAt: { not: null } },
    data: { suspendedAt: null, suspendedReason: null },
  });
  if (count === 0)
    throw new AppError("conflict", "This account is not suspended.", {
      reason: "account_not_suspended",
      collidesWith: { kind: "account", id: accountId },
    });
}

/** Throws when one of these accounts is suspended. @throws AppError `forbidden` – with the operator's reason */
export async function refuseSuspended(db: Database, accountIds: readonly string[]): Promise<void> {
  const found = await db.organization.findFirst({
    where: { id: { in: [...accountIds] }, suspendedAt: { not: null } },
    select: { name: true, suspendedReason: true },
  });
  if (!found) return;
  const because = found.suspendedReason ? ` Reason: ${found.suspendedReason}` : "";
  throw new AppError(
    "forbidden",
    `The account ${found.name} is suspended. Its policies are still served. Ask the operator of this service.${because}`,
    { reason: "account_suspended" },
  );
}
