import { reconcileSecondaries } from "@waxseal/core/publishing";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

const NAMED = 20;

/** The secondaries answer what they should. Safe to run twice: it only asks, and offers the zone again where they do not. */
export const reconcileSecondariesJob = defineJob({
  name: "secondary.reconcile",
  payload: z.unknown(),
  cron: "*/10 * * * *",
  retry: { attempts: 2 },
  run: async (deps) => {
    const { db, now } = deps.source;
    const compared = await reconcileSecondaries(db, { ...deps, now });
    for (const { secondary, names, drifted, silent } of compared) {
      deps.dnsDrift.record({ authority: secondary, drifted: drifted.length, silent });
      if (drifted.length + silent === 0) continue;
      deps.logger.error(
        { secondary, names, drifted: drifted.slice(0, NAMED), driftedCount: drifted.length, silent },
        "operator alert: a secondary does not answer what it should; the zone is offered to it again",
      );
    }
    return compared.map(({ secondary, names }) => ({ secondary, names }));
  },
});
