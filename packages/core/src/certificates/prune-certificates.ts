import type { Database } from "@waxseal/db";

const KEPT_AFTER_EXPIRY_MS = 30 * 86_400_000;

/** Deletes http-01 challenges that ran out, and certificates that expired a month ago; returns how many of each. */
export async function pruneCertificates(
  db: Database,
  now: Date,
): Promise<{ challenges: number; certificates: number }> {
  const challenges = await db.acmeChallenge.deleteMany({ where: { expiresAt: { lt: now } } });
  const expiredAt = new Date(now.getTime() - KEPT_AFTER_EXPIRY_MS);
  const certificates = await db.certificate.deleteMany({ where: { notAfter: { lt: expiredAt } } });
  return { challenges: challenges.count, certificates: certificates.count };
}
