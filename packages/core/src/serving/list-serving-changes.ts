import type { ServingChange } from "@waxseal/db";
import type { SqlDatabase } from "@waxseal/db/sql";

/**
 * The changes after `seq`, oldest first, at most `limit`. `newestSeq` is the end of the feed.
 * `complete` is false when changes after `seq` have already been pruned, or when the feed ends before `seq` (an older
 * backup was restored): read everything again. Pruning keeps the newest change.
 */
export async function listServingChanges(
  db: SqlDatabase,
  seq: bigint,
  limit: number,
): Promise<{ changes: ServingChange[]; newestSeq: bigint; complete: boolean }> {
  const changes = await db.$queryRaw<ServingChange[]>`
    select seq, kind::text as kind, key, created_at as "createdAt"
    from serving_change
    where seq > ${seq}
    order by seq
    limit ${limit}`;
  const [edges] = await db.$queryRaw<{ oldestSeq: bigint | null; newestSeq: bigint | null }[]>`
    select min(seq) as "oldestSeq", max(seq) as "newestSeq" from serving_change`;
  const newestSeq = edges?.newestSeq ?? 0n;
  return { changes, newestSeq, complete: (edges?.oldestSeq ?? 1n) <= seq + 1n && seq <= newestSeq };
}
