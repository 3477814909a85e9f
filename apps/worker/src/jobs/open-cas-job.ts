import { openCas } from "@waxseal/core/certificates";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** We have an account at every CA, and CAA names it. Safe to run twice: what is open stays open. */
export const openCasJob = defineJob({
  name: "certificate.openCas",
  payload: z.unknown(),
  cron: "*/10 * * * *",
  retry: { attempts: 1 },
  run: ({ acme, directoryUrls }) => openCas(acme, directoryUrls),
});
