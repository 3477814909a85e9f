import type { Database } from "@waxseal/db";
import { pruneAllowances } from "../limits/take-allowance.ts";

/**
 * Deletes expired rows of sign-in: unconfirmed sign-ups, password links, challenges, limits that have refilled, and notes about accounts that
 * people left 30 days ago. Uses Postgres' clock and a day's grace. Returns how many of each. Safe to run twice.
 */
export async function pruneSignIn(db: Database): Promise<{ allowances: number; verifications: number }> {
  const verifications = await db.$executeRaw`
    delete from verification where expires_at < clock_timestamp() - interval '1 day'`;
  await db.$executeRaw`delete from departure where at < clock_timestamp() - interval '30 days'`;
  return { allowances: await pruneAllowances(db), verifications };
}
