import { mailOwnersLast, receiveBounces, reviewReceivers } from "@waxseal/core/alerting";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/**
 * What came back of our mails is noted, channels and mailboxes that are not reached become alerts, and critical alerts that reached no one
 * are mailed to all owners. Safe to run twice and at once: a bounce is read by one run, and an owner gets one mail.
 */
export const followNotificationsJob = defineJob({
  name: "notify.follow",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: async ({ alerting }) => ({
    ...(await receiveBounces(alerting)),
    ...(await reviewReceivers(alerting)),
    owners: await mailOwnersLast(alerting),
  }),
});
