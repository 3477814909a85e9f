import { enqueueDueCertificates } from "@waxseal/core/certificates";
import { enqueueDueMails, judgeMailQueue } from "@waxseal/core/mail";
import { enqueueDueChecks } from "@waxseal/core/onboarding";
import { enqueueDuePublications } from "@waxseal/core/policies";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Most jobs of each kind per minute. */
const LIMIT = 500;

/** Everything that is due has a job: renewals, and whatever lost its own. Safe to run twice: what has a job gets no second one. */
export const sweepDueWorkJob = defineJob({
  name: "sweep.dueWork",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: async ({ source: { db, now } }) => ({
    checks: await enqueueDueChecks(db, now(), LIMIT),
    certificates: await enqueueDueCertificates(db, now(), LIMIT),
    publications: await enqueueDuePublications(db, now(), LIMIT),
    mails: await enqueueDueMails(db, LIMIT),
    mailQueue: await judgeMailQueue(db),
  }),
});
