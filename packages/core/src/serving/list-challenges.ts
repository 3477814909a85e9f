import type { SqlDatabase } from "@waxseal/db/sql";

/** An http-01 challenge to answer on port 80. RFC 8555 §8.3 */
export type ServedChallenge = { token: string; keyAuthorization: string; expiresAt: Date };

/** More are never open at once: each is one order in progress. */
const MOST_CHALLENGES = 10_000;

/** The challenges that are open now. */
export async function listChallenges(db: SqlDatabase, now: Date): Promise<ServedChallenge[]> {
  return db.$queryRaw<ServedChallenge[]>`
    select token, key_authorization as "keyAuthorization", expires_at as "expiresAt"
    from acme_challenge
    where expires_at > ${now}
    limit ${MOST_CHALLENGES}`;
}
