import { pruneKeptAnswers, pruneSignIn } from "@waxseal/core/accounts";
import { pruneDeliveries } from "@waxseal/core/alerting";
import { pruneCertificates } from "@waxseal/core/certificates";
import { pruneOutgoingMails } from "@waxseal/core/mail";
import { pruneAssessments } from "@waxseal/core/policies";
import { pruneServingState } from "@waxseal/core/serving";
import { pruneWatching } from "@waxseal/core/watching";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Deletes what is no longer needed: challenges, expired certificates, nodes, old changes, unfinished sign-ins, answers kept for repetitions and mails that left long ago. Safe to run twice. */
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
      ...(await pruneKeptAnswers(db)),
      ...(await pruneAssessments(db)),
      ...(await pruneOutgoingMails(db)),
      ...(await pruneDeliveries(db)),
      ...(await pruneWatching(db)),
    };
    logger.info(deleted, "expired rows were deleted");
    return deleted;
  },
});
