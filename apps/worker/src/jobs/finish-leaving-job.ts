import { createContext, jobActor } from "@waxseal/core";
import { finishLeaving, listLeavingDomains } from "@waxseal/core/onboarding";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

const LIMIT = 1_000;

/** Domains whose last cached policy ran out have left. Safe to run twice: one that has left is not leaving any more. */
export const finishLeavingJob = defineJob({
  name: "domain.finishLeaving",
  payload: z.unknown(),
  cron: "*/5 * * * *",
  retry: { attempts: 1 },
  run: async ({ source, logger }) => {
    for (const { accountId, domainId } of await listLeavingDomains(source.db, LIMIT)) {
      const ctx = createContext(source, accountId, jobActor("domain.finishLeaving"));
      await finishLeaving(ctx, { domainId }).catch((error) =>
        logger.warn({ err: error, domainId }, "a domain could not leave"),
      );
    }
  },
});
