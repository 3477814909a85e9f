import { sweepJudgements } from "@waxseal/core/watching";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Domains are judged when their reports changed or a time has come, in batches. Safe to run twice: a look counts once. */
export const sweepJudgementsJob = defineJob({
  name: "watch.sweep",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: ({ source }) => sweepJudgements(source),
});
