import { openCas } from "@waxseal/core/certificates";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/** We have an account at every CA, and CAA names it. Safe to run twice: what is open stays open, and an account is made once. */
export const openCasJob = defineJob({
  name: "certificate.openCas",
  payload: z.unknown(),
  cron: "*/10 * * * *",
  retry: { attempts: 1 },
  run: async (deps) => {
    const { opened, unnamed } = await openCas(deps);
    if (unnamed.length > 0) {
      const { caaIdentities } = deps.settings;
      deps.logger.error(
        { unnamed, caaIdentities },
        "operator alert: ACME_CAA_IDENTITIES does not name these CAs, so CAA forbids them to issue for any domain here",
      );
    }
    return { opened };
  },
});
