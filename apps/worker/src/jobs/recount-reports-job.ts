import { recountReports } from "@waxseal/core/reports";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Figures that an older rule counted follow the rule of this version. Safe to run twice: each day is one transaction. */
export const recountReportsJob = defineJob({
  name: "reports.recount",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: async ({ source, logger }) => {
    const recounted = await recountReports(source);
    if (recounted.days + recounted.busy > 0) logger.info(recounted, "recomputed days of reports");
  },
});
