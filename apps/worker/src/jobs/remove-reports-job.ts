import { removeDomainReports } from "@waxseal/core/reports";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Deletes the reports of a deleted domain. Safe to run twice: it continues with the remaining ones. */
export const removeReportsJob = defineJob({
  name: "domain.removeReports",
  payload: z.object({ accountId: z.string(), domainId: z.uuid() }),
  retry: { attempts: 20 },
  run: ({ source }, key) => removeDomainReports(source.db, key),
});
