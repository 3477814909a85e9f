import type { SqlDatabase } from "@waxseal/db/sql";

/** An http-01 challenge to answer on port 80, for so long from when it was read. RFC 8555 §8.3 */
export type ServedChallenge = { token: string; keyAuthorization: string; leftMs: number };

/** Upper bound on open challenges, one per order in progress. */
const MOST_CHALLENGES = 10_000;

/** The challenges that are open now, by Postgres' clock. */
export async function listChallenges(db: SqlDatabase): Promise<ServedChallenge[]> {
  return db.$queryRaw<ServedChallenge[]>`
    select token, key_authorization as "keyAuthorization",
      (extract(epoch from expires_at - clock_timestamp()) * 1000)::float8 as "leftMs"
    from acme_challenge
    where expires_at > clock_timestamp()
    limit ${MOST_CHALLENGES}`;
}
