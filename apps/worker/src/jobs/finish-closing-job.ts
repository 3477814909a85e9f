import { createContext, jobActor } from "@waxseal/core";
import { finishClosing, listClosingAccounts } from "@waxseal/core/closing";
import { z } from "zod";
import { defineJob } from "../define-job.ts";
import type { WorkerDeps } from "../worker-deps.ts";

const LIMIT = 1_000;

/** Continues to close one account. Safe to run twice: a deleted or kept account is skipped. */
export const finishClosingJob = defineJob({
  name: "account.finishClosing",
  payload: z.object({ accountId: z.string() }),
  retry: { attempts: 5 },
  run: ({ source }, { accountId }) => finishClosing(closingContext(source, accountId)),
});

/** Accounts whose last domain has left are deleted. Safe to run twice. */
export const sweepClosingJob = defineJob({
  name: "sweep.closingAccounts",
  payload: z.unknown(),
  cron: "*/5 * * * *",
  retry: { attempts: 1 },
  run: async ({ source, logger }) => {
    for (const accountId of await listClosingAccounts(source.db, LIMIT)) {
      await finishClosing(closingContext(source, accountId)).catch((error) =>
        logger.warn({ err: error, accountId }, "an account could not be closed"),
      );
    }
  },
});

function closingContext(source: WorkerDeps["source"], accountId: string) {
  return createContext(source, accountId, jobActor("account.finishClosing"));
}
