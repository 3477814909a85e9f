import type { Database, ServingNodeKind } from "@waxseal/db";

/**
 * The nodes that may still answer with what was before `seq`: their lease runs, by Postgres' clock, and they have not seen it.
 * `alive` counts all nodes with a lease, so that "none lags" and "none is there" differ.
 */
export async function findLaggingNodes(
  db: Database,
  kind: ServingNodeKind,
  seq: bigint,
): Promise<{ lagging: string[]; alive: number }> {
  const nodes = await db.$queryRaw<{ id: string; seenSeq: bigint }[]>`
    select id, seen_seq as "seenSeq" from serving_node
    where kind = ${kind}::serving_node_kind and lease_until > clock_timestamp()`;
  return {
    lagging: nodes.filter((node) => node.seenSeq < seq).map((node) => node.id),
    alive: nodes.length,
  };
}
