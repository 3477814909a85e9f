import { reconcileRecords } from "@waxseal/core/publishing";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

const NAMED = 20;

/** What answers for the hosted zone holds what it should. Safe to run twice: it only asks for what differs to be published again. */
export const reconcileRecordsJob = defineJob({
  name: "record.reconcile",
  payload: z.unknown(),
  cron: "41 */6 * * *",
  retry: { attempts: 3 },
  run: async (deps) => {
    const found = await reconcileRecords(deps.source.db, deps);
    if (found) {
      const drifted = found.drifted.length + found.unknown.length;
      deps.dnsDrift.record({ authority: "hosted zone", drifted, silent: 0 });
    }
    if (found && found.drifted.length + found.unknown.length > 0) {
      const { drifted, unknown, repaired } = found;
      const names = { drifted: drifted.slice(0, NAMED), unknown: unknown.slice(0, NAMED) };
      deps.logger.error(
        { ...names, driftedCount: drifted.length, unknownCount: unknown.length, repaired },
        "operator alert: DNS records differ from what they should be; those of ours are published again",
      );
    }
    return found && { names: found.names, drifted: found.drifted.length, repaired: found.repaired };
  },
});
