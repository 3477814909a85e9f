import { createContext, jobActor } from "@waxseal/core";
import { publishDomainRecords } from "@waxseal/core/publishing";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** The names a domain's CNAMEs point to answer. Safe to run twice: it publishes what should be there now. */
export const publishRecordsJob = defineJob({
  name: "record.publish",
  payload: z.object({ accountId: z.string(), domainId: z.uuid() }),
  retry: { attempts: 20 },
  run: (deps, { accountId, domainId }) =>
    publishDomainRecords(
      createContext(deps.source, accountId, jobActor("record.publish")),
      { domainId },
      deps,
    ),
});
