import { enqueueJob } from "@waxseal/core";
import { reconcileRecords } from "@waxseal/core/publishing";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

const NAMED = 20;
/** One run does a part of what differs. */
const NEXT_PART_MS = 300_000;

/**
 * What answers for the hosted zone holds what it should. Safe to run twice: it only asks for what differs to be published again. After
 * a change of every CAA set of ours differences are expected: no alarm, and the parts follow one another.
 */
export const reconcileRecordsJob = defineJob({
  name: "record.reconcile",
  payload: z.object({ isExpected: z.boolean().default(false) }),
  cron: "41 */6 * * *",
  retry: { attempts: 3 },
  run: async (deps, { isExpected }) => {
    const found = await reconcileRecords(deps.source.db, deps);
    if (!found) return found;
    const { drifted, unknown, repaired, left } = found;
    const count = drifted.length + unknown.length;
    if (isExpected) {
      deps.logger.info({ drifted: count, repaired, left }, "published records that differed were corrected");
      const runAt = new Date(deps.source.now().getTime() + NEXT_PART_MS);
      const options = { key: "record.reconcile", runAt };
      if (left > 0) await enqueueJob(deps.source.db, "record.reconcile", { isExpected }, options);
      return { names: found.names, drifted: count, repaired };
    }
    deps.dnsDrift.record({ authority: "hosted zone", drifted: count, silent: 0 });
    if (count > 0) {
      const names = { drifted: drifted.slice(0, NAMED), unknown: unknown.slice(0, NAMED) };
      deps.logger.error(
        { ...names, driftedCount: drifted.length, unknownCount: unknown.length, repaired },
        "operator alert: DNS records differ from what they should be; those of ours are published again",
      );
    }
    return { names: found.names, drifted: count, repaired };
  },
});
