import type { Database } from "@waxseal/db";
import { readDeletionTime } from "../operating/read-deletion-time.ts";

const NODE_KEPT_SECONDS = 3_600;
const CHANGE_KEPT_MS = 24 * 3_600_000;
const FETCH_KEPT_MS = 30 * 24 * 3_600_000;
/** The end of the feed must stay: readers take its newest seq for what there is to know. */
const NEWEST_KEPT = 10_000n;

/**
 * Forgets nodes whose lease ran out an hour ago, and changes older than a day beyond the newest 10,000. A reader that was away for
 * longer finds the feed incomplete and loads everything afresh. Also forgets fetches and failed handshakes of more than 30 days
 * ago. Time is the database's. Returns how many of each.
 */
export async function pruneServingState(
  db: Database,
  now: Date,
): Promise<{ nodes: number; changes: number; fetches: number; handshakeFailures: number }> {
  const nodes = await db.$executeRaw`
    delete from serving_node where lease_until < clock_timestamp() - make_interval(secs => ${NODE_KEPT_SECONDS})`;
  const atMs = (await readDeletionTime(db, now)).getTime();
  const { _max } = await db.servingChange.aggregate({ _max: { seq: true } });
  const changes = await db.servingChange.deleteMany({
    where: {
      seq: { lt: (_max.seq ?? 0n) - NEWEST_KEPT },
      createdAt: { lt: new Date(atMs - CHANGE_KEPT_MS) },
    },
  });
  const isOld = { hour: { lt: new Date(atMs - FETCH_KEPT_MS) } };
  const fetches = await db.policyFetch.deleteMany({ where: isOld });
  await db.handshakeClient.deleteMany({ where: isOld });
  const handshakeFailures = await db.handshakeFailure.deleteMany({ where: isOld });
  return {
    nodes,
    changes: changes.count,
    fetches: fetches.count,
    handshakeFailures: handshakeFailures.count,
  };
}
