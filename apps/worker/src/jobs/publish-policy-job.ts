import { createContext, jobActor } from "@waxseal/core";
import { publishPolicy } from "@waxseal/core/policies";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/**
 * The served policy's id is in DNS, after the policy itself is seen. Safe to run twice: a version that is live is left alone, and
 * jobs for one domain run one after another.
 */
export const publishPolicyJob = defineJob({
  name: "policy.publish",
  payload: z.object({ accountId: z.string(), domainId: z.uuid() }),
  retry: { attempts: 20 },
  run: (deps, { accountId, domainId }) =>
    publishPolicy(createContext(deps.source, accountId, jobActor("policy.publish")), { domainId }, deps),
});
