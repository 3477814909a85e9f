import type { Database } from "@waxseal/db";
import { pruneAllowances } from "../limits/take-allowance.ts";

/**
 * Forgets what sign-in keeps for a while, once it has expired: unconfirmed sign-ups, password links, challenges, limits that
 * are whole again, and accounts that people left 30 days ago. By Postgres' clock, with a day's grace. Safe to run twice. Returns how many of each.
 */
export async function pruneSignIn(db: Database): Promise<{ allowances: number; verifications: number }> {
  const verifications = await db.$executeRaw`
    delete from verification where expires_at < clock_timestamp() - interval '1 day'`;
  await db.$executeRaw`delete from departure where at < clock_timestamp() - interval '30 days'`;
  return { allowances: await pruneAllowances(db), verifications };
}
