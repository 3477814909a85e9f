import { createContext, jobActor } from "@waxseal/core";
import { checkDomain } from "@waxseal/core/onboarding";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** What is known of a domain's DNS is fresh, and acted upon. Safe to run twice: it looks again and changes what changed. */
export const checkDomainJob = defineJob({
  name: "domain.check",
  payload: z.object({ accountId: z.string(), domainId: z.uuid() }),
  retry: { attempts: 8 },
  run: ({ source, resolver, otherResolvers, settings, random }, { accountId, domainId }) =>
    checkDomain(
      createContext(source, accountId, jobActor("domain.check")),
      { domainId },
      { resolver, otherResolvers, settings, random },
    ).then(({ domain, nextCheckAt }) => ({ domain, nextCheckAt })),
});
