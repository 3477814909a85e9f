import { setTimeout as delay } from "node:timers/promises";
import type { Database, ServingNodeKind } from "@waxseal/db";
import { findLaggingNodes } from "./find-lagging-nodes.ts";
import { LEASE_MS } from "./renew-serving-lease.ts";

const FIRST_LOOK_MS = 20;
const SLOWEST_LOOK_MS = 250;

/**
 * Waits until every node of a kind answers with the change `seq` or is past its lease, and returns the names of those that still
 * lag after `timeoutMs` (a lease and a half unless given): empty means all have it. `alive` counts the nodes with a lease.
 */
export async function awaitServingNodes(
  db: Database,
  kind: ServingNodeKind,
  seq: bigint,
  timeoutMs = LEASE_MS * 1.5,
): Promise<{ lagging: string[]; alive: number }> {
  const deadlineMs = performance.now() + timeoutMs;
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(lookMs * 1.5, SLOWEST_LOOK_MS)) {
    const nodes = await findLaggingNodes(db, kind, seq);
    if (nodes.lagging.length === 0 || performance.now() >= deadlineMs) return nodes;
    await delay(lookMs);
  }
}
