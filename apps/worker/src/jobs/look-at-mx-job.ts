import { lookAtDueMx } from "@waxseal/core/onboarding";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** What is left is the next run's. */
const LONGEST_MS = 50_000;

/** The MX hosts of each domain were looked up as recently as its mode asks for. Safe to run twice: a domain is claimed by one run. */
export const lookAtMxJob = defineJob({
  name: "watch.lookMx",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: ({ source, resolver, otherResolvers, random }) =>
    lookAtDueMx(
      source,
      { resolver, otherResolvers, random: random ?? Math.random },
      { longestMs: LONGEST_MS },
    ),
});
