import { probeDueMxHosts } from "@waxseal/core/watching";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** Each MX host was tested as recently as the domains behind it ask for, sixty a minute. Safe to run twice: a host is claimed by one run. */
export const probeMxJob = defineJob({
  name: "watch.probeMx",
  payload: z.unknown(),
  cron: "* * * * *",
  retry: { attempts: 1 },
  run: ({ source, interlock, controlHosts, random }) =>
    probeDueMxHosts(source, { ...interlock, controlHosts, random: random ?? Math.random }),
});
