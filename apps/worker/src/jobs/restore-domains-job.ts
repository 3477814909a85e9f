import { createContext, jobActor } from "@waxseal/core";
import { restoreKeptDomains } from "@waxseal/core/closing";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** The domains of a kept account no longer leave. Safe to run twice: a domain that is not leaving is left alone. */
export const restoreDomainsJob = defineJob({
  name: "account.restoreDomains",
  payload: z.object({ accountId: z.string(), closingAt: z.iso.datetime() }),
  retry: { attempts: 5 },
  run: ({ source }, { accountId, closingAt }) =>
    restoreKeptDomains(createContext(source, accountId, jobActor("account.restoreDomains")), {
      closingAt: new Date(closingAt),
    }),
});
