import { askRenewalWindows } from "@waxseal/core/certificates";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Every minute: a hundred thousand names a day, each twice. */
const LIMIT = 200;

/** Renewals are when the CAs want them. Safe to run twice: each name's next question is in its row. */
export const askRenewalWindowsJob = defineJob({
  name: "certificate.askRenewalWindows",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: (deps) => askRenewalWindows(deps.source, deps, LIMIT),
});
