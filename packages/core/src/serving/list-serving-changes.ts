import type { Database, ServingChange } from "@waxseal/db";

/**
 * The changes after `seq`, oldest first, at most `limit`. `newestSeq` is the end of the feed.
 * `complete` is false when changes after `seq` have already been pruned, or when the feed ends before `seq` (an older
 * backup was restored): read everything anew. Whoever prunes keeps the newest change.
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
  const oldestSeq = edges._min.seq;
  const newestSeq = edges._max.seq ?? 0n;
  return { changes, newestSeq, complete: (oldestSeq ?? 1n) <= seq + 1n && seq <= newestSeq };
}
