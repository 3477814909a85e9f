import { forwardOperatorMail } from "@waxseal/core/mail";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Mail to postmaster and abuse has reached the operator. Safe to run twice: a mail is reserved before it is sent. */
export const forwardOperatorMailJob = defineJob({
  name: "operatorMail.forward",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: async ({ source, mailer, operatorAddress, settings, logger }) => {
    if (!mailer || operatorAddress === undefined) return "no OPERATOR_MAIL";
    return forwardOperatorMail({
      db: source.db,
      mailer,
      operatorAddress,
      reportsDomain: settings.reportsDomain,
      onFailure: (error) =>
        logger.warn({ err: error }, "mail for the operator was not accepted; it will be retried"),
    });
  },
});
