import { ensureOperatorNames } from "@waxseal/core/certificates";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** The operator's own hosts get certificates once they resolve to us: a look-up each until then. Safe to run twice: a name is added once. */
export const ensureOperatorNamesJob = defineJob({
  name: "certificate.ensureOperatorNames",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: ({ source, resolver, settings: { policyAddresses }, operatorHosts }) =>
    ensureOperatorNames(source, operatorHosts, { resolver, policyAddresses }),
});
