import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import { findLaggingNodes } from "../serving/find-lagging-nodes.ts";
import { findNewestServingSeq } from "../serving/find-newest-serving-seq.ts";
import { LEASE_MS } from "../serving/renew-serving-lease.ts";
import type { DnsChange, Publisher } from "./publisher.ts";

type Deps = {
  db: Database;
  /** How long a publication waits for nameservers; default: a little longer than the lease of a dead one. */
  deadlineMs?: number;
  /** Waits until the secondaries have a change or their lease has run out: `createSecondaryLeases`. */
  awaitSecondaries?: ((change: DnsChange) => Promise<void>) | undefined;
};

const LOOK_MS = 50;

/**
 * The publisher of our own nameservers. They read what is committed, after the change feed, so there is nothing to
 * send: publishing is waiting until every live one has seen the feed as it is now, and then until the secondaries answer with it.
 */
export function createBuiltinPublisher({
  db,
  deadlineMs = LEASE_MS + 5_000,
  awaitSecondaries,
}: Deps): Publisher {
  return {
    publish: async (change) => {
      const seq = await findNewestServingSeq(db);
      const untilMs = performance.now() + deadlineMs;
      for (;;) {
        const { lagging, alive } = await findLaggingNodes(db, "dns", seq);
        if (alive > 0 && lagging.length === 0) return awaitSecondaries?.(change);
        if (performance.now() > untilMs) {
          throw new AppError(
            "unavailable",
            alive === 0 ? "No nameserver is running." : "A nameserver has not taken over the change yet.",
            { reason: "not_published_yet" },
          );
        }
        await delay(LOOK_MS);
      }
    },
  };
}
