import type { ServingNodeKind } from "@waxseal/db";
import type { SqlDatabase } from "@waxseal/db/sql";

/** How long publishing waits for a node that does not answer. */
export const LEASE_MS = 10_000;

/**
 * Says that a node serves everything up to `seenSeq`. Called after each batch of changes and well within
 * the lease; a node whose lease ran out must catch up before it answers again. The lease's time is Postgres': clocks of nodes and
 * workers may differ or jump.
 */
export async function renewServingLease(
  db: SqlDatabase,
  node: { id: string; kind: ServingNodeKind; startedAt: Date; seenSeq: bigint },
): Promise<void> {
  await db.$executeRaw`
    insert into serving_node (id, kind, started_at, seen_seq, lease_until)
    values (${node.id}, ${node.kind}::serving_node_kind, ${node.startedAt}, ${node.seenSeq},
      clock_timestamp() + make_interval(secs => ${LEASE_MS / 1_000}))
    on conflict (id) do update set seen_seq = excluded.seen_seq, lease_until = excluded.lease_until`;
}

/** Ends a node's lease at once, so that publications do not wait for a stopped node. */
export async function endServingLease(db: SqlDatabase, id: string): Promise<void> {
  await db.$executeRaw`delete from serving_node where id = ${id}`;
}
