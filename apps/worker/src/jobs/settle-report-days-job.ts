import { settleReportDays } from "@waxseal/core/reports";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Totals equal the daily tables, so that questions about large accounts are quick. Safe to run twice. */
export const settleReportDaysJob = defineJob({
  name: "reports.settleDays",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: ({ source }) => settleReportDays(source),
});
