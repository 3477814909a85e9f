import type { Database } from "@waxseal/db";

/** An http-01 challenge to answer on port 80. RFC 8555 §8.3 */
export type ServedChallenge = { token: string; keyAuthorization: string; expiresAt: Date };

/** More are never open at once: each is one order in progress. */
const MOST_CHALLENGES = 10_000;

/** The challenges that are open now. */
export async function listChallenges(db: Database, now: Date): Promise<ServedChallenge[]> {
  return db.acmeChallenge.findMany({
    where: { expiresAt: { gt: now } },
    select: { token: true, keyAuthorization: true, expiresAt: true },
    take: MOST_CHALLENGES,
  });
}
