import { checkBrandHosts } from "@waxseal/core/onboarding";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Accounts hold the hosts whose DNS says so, each with a certificate ordered. Safe to run twice: what is held already stays as it is. */
export const checkBrandHostsJob = defineJob({
  name: "brandHost.check",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: ({ source, resolver, alerting: { publicUrl } }) => checkBrandHosts(source, { resolver, publicUrl }),
});
