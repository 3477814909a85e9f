import { sendNotifications } from "@waxseal/core/alerting";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Messages about alerts that are due are sent. Safe to run twice and at once: each is taken by one run, and goes out with the same id again. */
export const sendNotificationsJob = defineJob({
  name: "notify.send",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: ({ alerting }) => sendNotifications(alerting),
});
