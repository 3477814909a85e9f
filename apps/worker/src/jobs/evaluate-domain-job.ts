import { evaluateDomains } from "@waxseal/core/watching";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Alerts and health of a domain say what its facts say. Safe to run twice: it judges what is stored, and a look counts once. */
export const evaluateDomainJob = defineJob({
  name: "watch.evaluate",
  payload: z.object({ accountId: z.string(), domainId: z.uuid() }),
  retry: { attempts: 8 },
  run: async ({ source, random }, key) => ({
    changes: (await evaluateDomains(source, [key], { random })).length,
  }),
});
