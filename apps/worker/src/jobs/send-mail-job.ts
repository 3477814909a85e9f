import { sendOutgoingMail } from "@waxseal/core/mail";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** A queued mail has left, or its next attempt is planned. Safe to run twice: each attempt is reserved, and a sent mail is empty. */
export const sendMailJob = defineJob({
  name: "mail.send",
  payload: z.object({ mailId: z.uuid() }),
  // The mail's own attempts are counted in its row; the sweep finds one whose job was lost.
  retry: { attempts: 3 },
  run: async ({ source: { db }, mailer, secretBox, settings, logger }, { mailId }) => {
    if (!mailer) return "no SMTP_URL";
    const outcome = await sendOutgoingMail(
      { db, mailer, secretBox, messageIdHost: settings.reportsDomain },
      { mailId },
    );
    if (outcome === "again" || outcome === "given-up")
      logger.warn({ mailId, outcome }, "mail was not accepted");
    return outcome;
  },
});
