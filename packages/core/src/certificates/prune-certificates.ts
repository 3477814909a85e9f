import type { Database } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { readDeletionTime } from "../operating/read-deletion-time.ts";

const KEPT_AFTER_EXPIRY_MS = 30 * DAY_MS;
/** A day longer than the longest window of a CA. */
const USES_KEPT_MS = 8 * DAY_MS;

/**
 * Deletes expired http-01 challenges, certificates that expired a month ago, and orders that no CA limit counts any longer, by the database's
 * clock; returns how many of each. It keeps the newest certificate of a host that should have one: if the clock is wrong, that one is
 * being served.
 */
export async function pruneCertificates(
  db: Database,
  now: Date,
): Promise<{ challenges: number; certificates: number; acmeUses: number }> {
  const challenges = await db.$executeRaw`delete from acme_challenge where expires_at <= clock_timestamp()`;
  const atMs = (await readDeletionTime(db, now)).getTime();
  const certificates = await db.$executeRaw`
    delete from certificate c where not_after < ${new Date(atMs - KEPT_AFTER_EXPIRY_MS)}::timestamptz and (
      exists (select 1 from certificate n where n.host = c.host and n.not_after > c.not_after)
      or not exists (select 1 from certificate_name n where n.host = c.host))`;
  const acmeUses = await db.acmeUse.deleteMany({ where: { at: { lt: new Date(atMs - USES_KEPT_MS) } } });
  return { challenges, certificates, acmeUses: acmeUses.count };
}
