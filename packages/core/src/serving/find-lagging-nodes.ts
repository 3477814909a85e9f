import type { Database, ServingNodeKind } from "@waxseal/db";

/**
 * The nodes that may still answer with what was before `seq`: their lease runs and they have not seen it.
 * `alive` counts all nodes with a lease, so that "none lags" and "none is there" differ.
 */
export async function findLaggingNodes(
  db: Database,
  kind: ServingNodeKind,
  seq: bigint,
  now: Date,
): Promise<{ lagging: string[]; alive: number }> {
  const nodes = await db.servingNode.findMany({ where: { kind, leaseUntil: { gt: now } } });
  return {
    lagging: nodes.filter((node) => node.seenSeq < seq).map((node) => node.id),
    alive: nodes.length,
  };
}
