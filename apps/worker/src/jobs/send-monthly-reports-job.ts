import { sendMonthlyReports } from "@waxseal/core/portfolio";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Monthly reports that are due are mailed. Safe to run twice and at once: the next one is planned with the mail, and a mail is queued once. */
export const sendMonthlyReportsJob = defineJob({
  name: "notify.monthlyReports",
  payload: z.unknown(),
  cron: "*/10 * * * *",
  retry: { attempts: 1 },
  run: ({ alerting, printPdf }) => sendMonthlyReports({ ...alerting, printPdf }),
});
