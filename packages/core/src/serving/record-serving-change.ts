import type { ServingChangeKind, Transaction } from "@waxseal/db";

/** The Postgres channel every serving change is announced on; the payload is its seq. */
export const SERVING_CHANNEL = "waxseal_serving";

/**
 * Adds to the change feed, in the caller's transaction: policy servers and nameservers pick it up at commit.
 * `key` is the domain (kind policy), the token (record), the host (certificate) or the challenge token.
 * The feed is in commit order. Takes a lock until commit: call it last.
 */
export async function recordServingChange(
  db: Transaction,
  kind: ServingChangeKind,
  key: string,
  at: Date,
): Promise<bigint> {
  const rows = await db.$queryRaw<{ seq: bigint }[]>`
    select record_serving_change(${kind}::serving_change_kind, ${key}, ${at}) as seq`;
  const [row] = rows;
  if (!row) throw new Error("record_serving_change returned nothing");
  return row.seq;
}
