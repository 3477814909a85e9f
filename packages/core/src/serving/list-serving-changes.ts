import type { Database, ServingChange } from "@waxseal/db";

/**
 * The changes after `seq`, oldest first, at most `limit`. `newestSeq` is the end of the feed.
 * `complete` is false when changes after `seq` have already been pruned: load everything afresh.
 */
export async function listServingChanges(
  db: Database,
  seq: bigint,
  limit: number,
): Promise<{ changes: ServingChange[]; newestSeq: bigint; complete: boolean }> {
  const changes = await db.servingChange.findMany({
    where: { seq: { gt: seq } },
    orderBy: { seq: "asc" },
    take: limit,
  });
  const edges = await db.servingChange.aggregate({ _min: { seq: true }, _max: { seq: true } });
  const oldest = edges._min.seq;
  return {
    changes,
    newestSeq: edges._max.seq ?? 0n,
    complete: oldest === null ? seq === 0n : oldest <= seq + 1n,
  };
}
