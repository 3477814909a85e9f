import type { Database, Transaction } from "@waxseal/db";
import { AppError } from "../app-error.ts";

/**
 * Throws when a person would lose their last second factor while an account they belong to requires one.
 * @throws AppError `conflict` – the message names the accounts
 */
export async function refuseLastFactor(
  db: Database | Transaction,
  userId: string,
  isLeft: { app: boolean; passkey: boolean },
): Promise<void> {
  if (isLeft.app || isLeft.passkey) return;
  const accounts = await db.organization.findMany({
    where: { requiresTwoFactor: true, members: { some: { userId } } },
    orderBy: { name: "asc" },
    take: 5,
  });
  const [first] = accounts;
  if (!first) return;
  const names = accounts.map(({ name }) => name).join(", ");
  throw new AppError(
    "conflict",
    `${names} ${accounts.length === 1 ? "requires" : "require"} two-factor, and this is your last second factor. Set up another one first: a passkey or an authenticator app.`,
    { reason: "last_second_factor", collidesWith: { kind: "account", id: first.id } },
  );
}
