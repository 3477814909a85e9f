import { learnReporters } from "@waxseal/core/reports";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Signers of reports that were seen for long enough are known. Safe to run twice: what is known stays known. */
export const learnReportersJob = defineJob({
  name: "reports.learn",
  payload: z.unknown(),
  cron: "*/10 * * * *",
  retry: { attempts: 1 },
  run: async ({ source }) => {
    await learnReporters(source);
  },
});
