import { expireReports, tellHeldDeletions } from "@waxseal/core/reports";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Reports are gone when their account keeps them no longer, and next month's have a place. Safe to run twice. */
export const expireReportsJob = defineJob({
  name: "reports.expire",
  payload: z.unknown(),
  cron: "41 3 * * *",
  retry: { attempts: 3 },
  run: async ({ source, logger }) => {
    const { held, ...deleted } = await expireReports(source);
    logger.info(deleted, "reports past their retention were deleted");
    for (const { accountId, kind, due, total } of held) {
      logger.error(
        { accountId, kind, due, total },
        "operator alert: an unusually large part of an account's reports is to be deleted; waxseal operator deletions shows and allows it",
      );
    }
    await tellHeldDeletions(source.db, held);
    return deleted;
  },
});
