import type { Transaction } from "@waxseal/db";

/**
 * Locks a user until the transaction ends. Every verb that counts something per person takes this lock first. Other transactions can still
 * write rows that refer to the user, such as sessions; the sign-in library does.
 */
export async function lockUser(db: Transaction, userId: string): Promise<void> {
  await db.$queryRaw`select 1 from "user" where id = ${userId} for no key update`;
}
