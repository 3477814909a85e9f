import { expireReports } from "@waxseal/core/reports";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Reports are gone when their account keeps them no longer, and next month's have a place. Safe to run twice. */
export const expireReportsJob = defineJob({
  name: "reports.expire",
  payload: z.unknown(),
  cron: "41 3 * * *",
  retry: { attempts: 3 },
  run: ({ source }) => expireReports(source),
});
