import { applyDueWaves } from "@waxseal/core/policy-changes";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Waves of changes to many policies went on, or stopped at a serious problem, within a minute. Safe to run twice: a change is claimed by one run. */
export const applyDueWavesJob = defineJob({
  name: "policyChange.continue",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: ({ source, interlock }) => applyDueWaves(source, interlock),
});
