import type { Database } from "@waxseal/db";

const KEPT_AFTER_EXPIRY_MS = 30 * 86_400_000;
/** A day longer than the longest window of a CA. */
const USES_KEPT_MS = 8 * 86_400_000;

/**
 * Deletes http-01 challenges that ran out, certificates that expired a month ago, and what no limit of a CA counts any more; returns
 * how many of each.
 */
export async function pruneCertificates(
  db: Database,
  now: Date,
): Promise<{ challenges: number; certificates: number; acmeUses: number }> {
  const challenges = await db.$executeRaw`delete from acme_challenge where expires_at <= clock_timestamp()`;
  const expiredAt = new Date(now.getTime() - KEPT_AFTER_EXPIRY_MS);
  const certificates = await db.certificate.deleteMany({ where: { notAfter: { lt: expiredAt } } });
  const acmeUses = await db.acmeUse.deleteMany({
    where: { at: { lt: new Date(now.getTime() - USES_KEPT_MS) } },
  });
  return { challenges, certificates: certificates.count, acmeUses: acmeUses.count };
}
