import { pruneSignIn } from "@waxseal/core/accounts";
import { pruneCertificates } from "@waxseal/core/certificates";
import { pruneAssessments } from "@waxseal/core/policies";
import { pruneServingState } from "@waxseal/core/serving";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** What nobody needs any more is gone: challenges, expired certificates, nodes, old changes and unfinished sign-ins. Safe to run twice. */
export const pruneJob = defineJob({
  name: "retention.prune",
  payload: z.unknown(),
  cron: "17 * * * *",
  retry: { attempts: 1 },
  run: async ({ source: { db, now }, logger }) => {
    const deleted = {
      ...(await pruneCertificates(db, now())),
      ...(await pruneServingState(db, now())),
      ...(await pruneSignIn(db)),
      ...(await pruneAssessments(db)),
    };
    logger.info(deleted, "rows that are not needed any longer were deleted");
    return deleted;
  },
});
