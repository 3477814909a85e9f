import type { Database } from "@waxseal/db";

const NODE_KEPT_MS = 3_600_000;
const CHANGE_KEPT_MS = 24 * 3_600_000;
/** The end of the feed must stay: readers take its newest seq for what there is to know. */
const NEWEST_KEPT = 10_000n;

/**
 * Forgets nodes whose lease ran out an hour ago, and changes older than a day beyond the newest 10,000. A reader that was away for
 * longer finds the feed incomplete and loads everything afresh. Returns how many of each.
 */
export async function pruneServingState(
  db: Database,
  now: Date,
): Promise<{ nodes: number; changes: number }> {
  const nodes = await db.servingNode.deleteMany({
    where: { leaseUntil: { lt: new Date(now.getTime() - NODE_KEPT_MS) } },
  });
  const { _max } = await db.servingChange.aggregate({ _max: { seq: true } });
  const changes = await db.servingChange.deleteMany({
    where: {
      seq: { lt: (_max.seq ?? 0n) - NEWEST_KEPT },
      createdAt: { lt: new Date(now.getTime() - CHANGE_KEPT_MS) },
    },
  });
  return { nodes: nodes.count, changes: changes.count };
}
