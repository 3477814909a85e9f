import { removeDomainReports } from "@waxseal/core/reports";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** The reports of a domain that was deleted are gone. Safe to run twice: it goes on with what is left. */
export const removeReportsJob = defineJob({
  name: "domain.removeReports",
  payload: z.object({ accountId: z.string(), domainId: z.uuid() }),
  retry: { attempts: 20 },
  run: ({ source }, key) => removeDomainReports(source.db, key),
});
