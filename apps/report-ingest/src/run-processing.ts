import { type ProcessDeps, processReportMessages, REPORTS_CHANNEL } from "@waxseal/core/reports";
import { listen } from "@waxseal/db";
import type { Logger } from "@waxseal/runtime";
import type { IngestMetrics } from "./ingest-metrics.ts";
import { createTrustRechecks } from "./recheck-trust.ts";

type Deps = ProcessDeps & {
  reportsDatabaseUrl: string;
  batchSize: number;
  metrics: IngestMetrics;
  logger: Logger;
};

/** Also without any notification: messages whose retry is due, and those of a process that died. */
const INTERVAL_MS = 5_000;
const PAUSE_AFTER_ERROR_MS = 1_000;
/** What arrives meanwhile is understood in one go, which is several times cheaper than one by one. */
const GATHER_MS = 150;

/**
 * Processes messages continuously: when one arrives, and at least every few seconds.
 * Returns a function that finishes the batch under way and stops.
 */
export function runProcessing(deps: Deps): () => Promise<void> {
  const { logger, metrics, batchSize } = deps;
  let stopped = false;
  let rechecking: Promise<void> | undefined;
  let wake = Promise.withResolvers<void>();
  const onFailure = (error: unknown, messageId: string) => {
    metrics.failed.inc();
    logger.error({ err: error, messageId }, "message could not be processed; it will be retried");
  };

  const rechecks = createTrustRechecks(deps);

  async function drain(): Promise<void> {
    for (let isBehind = true; isBehind && !stopped; ) {
      const batch = await processReportMessages({ ...deps, onFailure }, { batchSize });
      for (const { state, problem, hasUnknownTrust, accountId, messageId } of batch.stored) {
        metrics.understood.inc({ state, reason: problem?.reason ?? "" });
        if (hasUnknownTrust) rechecks.add({ accountId, id: messageId });
      }
      isBehind = batch.isBehind && batch.stored.length > 0;
    }
  }

  /** Beside the batches: with DNS away each of these takes seconds. */
  function recheck(): void {
    rechecking ??= rechecks
      .runDue(() => stopped)
      .catch((error) => logger.warn({ err: error }, "signatures wait for the database"))
      .finally(() => {
        rechecking = undefined;
      });
  }

  async function run(): Promise<void> {
    while (!stopped) {
      wake = Promise.withResolvers<void>();
      let pauseMs = INTERVAL_MS;
      try {
        await drain();
        recheck();
      } catch (error) {
        pauseMs = PAUSE_AFTER_ERROR_MS;
        logger.warn({ err: error }, "reports wait for the database");
      }
      const timer = setTimeout(wake.resolve, pauseMs);
      await wake.promise;
      clearTimeout(timer);
      if (!stopped) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    }
  }

  const onWake = () => wake.resolve();
  const stopListening = listen(deps.reportsDatabaseUrl, REPORTS_CHANNEL, {
    onNotify: onWake,
    onConnect: onWake,
  });
  const running = run();
  return async () => {
    stopped = true;
    wake.resolve();
    await stopListening();
    await running;
    await rechecking;
  };
}
