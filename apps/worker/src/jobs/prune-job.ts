import { pruneCertificates } from "@waxseal/core/certificates";
import { pruneServingState } from "@waxseal/core/serving";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** What nobody needs any more is gone: challenges, expired certificates, nodes and old changes. Safe to run twice. */
export const pruneJob = defineJob({
  name: "retention.prune",
  payload: z.unknown(),
  cron: "17 * * * *",
  retry: { attempts: 1 },
  run: async ({ source: { db, now }, logger }) => {
    const deleted = { ...(await pruneCertificates(db, now())), ...(await pruneServingState(db, now())) };
    logger.info(deleted, "rows that are not needed any longer were deleted");
    return deleted;
  },
});
