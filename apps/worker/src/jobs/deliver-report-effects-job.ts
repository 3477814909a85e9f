import { deliverReportEffects } from "@waxseal/core/reports";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Writes to state what reports in a database of their own caused there, where that was cut off. Safe to run twice. */
export const deliverReportEffectsJob = defineJob({
  name: "reports.deliverEffects",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: async ({ source }) => ({ delivered: await deliverReportEffects(source.db) }),
});
