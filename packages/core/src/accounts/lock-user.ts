import type { Transaction } from "@waxseal/db";

/**
 * Locks a user until the transaction ends, for what is counted per person. Rows that refer to the user, such as sessions, are still
 * written by others: the sign-in library does that in transactions of its own.
 */
export async function lockUser(db: Transaction, userId: string): Promise<void> {
  await db.$queryRaw`select 1 from "user" where id = ${userId} for no key update`;
}
