import type { Database, ServingNodeKind } from "@waxseal/db";

/** How long publishing waits for a node that does not answer. */
export const LEASE_MS = 10_000;

/**
 * Says that a node serves everything up to `seenSeq`. Called after each batch of changes and well within
 * the lease; a node whose lease ran out must catch up before it answers again.
 */
export async function renewServingLease(
  db: Database,
  node: { id: string; kind: ServingNodeKind; startedAt: Date; seenSeq: bigint; now: Date },
): Promise<void> {
  const leaseUntil = new Date(node.now.getTime() + LEASE_MS);
  await db.servingNode.upsert({
    where: { id: node.id },
    create: { id: node.id, kind: node.kind, startedAt: node.startedAt, seenSeq: node.seenSeq, leaseUntil },
    update: { seenSeq: node.seenSeq, leaseUntil },
  });
}

/** Ends a node's lease at once: a stopped node is not waited for. */
export async function endServingLease(db: Database, id: string): Promise<void> {
  await db.servingNode.deleteMany({ where: { id } });
}
