import type { HostingSettings } from "@waxseal/core";
import type { Publisher } from "@waxseal/core/publishing";
import { openDatabase } from "@waxseal/db";
import { type Logger, startHealthServer } from "@waxseal/runtime";
import { createDnsDriftMetrics } from "./create-dns-drift-metrics.ts";
import { createWorkerDeps } from "./create-worker-deps.ts";
import { JOBS } from "./jobs/index.ts";
import type { PublisherChoice } from "./open-publisher.ts";
import { releaseDeadRunners } from "./release-dead-runners.ts";
import { runJobs } from "./run-jobs.ts";
import { createWorkerMetrics } from "./worker-metrics.ts";

export type WorkerOptions = {
  databaseUrl: string;
  settings: HostingSettings;
  publisher: PublisherChoice | Publisher;
  /** Empty: the system's. */
  dnsResolvers: readonly string[];
  directoryUrls: readonly string[];
  /** The operator's own hosts that need certificates. */
  operatorHosts?: readonly string[] | undefined;
  acmeContact?: string | undefined;
  externalAccount?: { kid: string; hmacKey: string } | undefined;
  /** Certificate profile to ask CAs for. */
  acmeProfile?: string | undefined;
  /** CAA identities of CAs that check `accounturi`, besides those that are known to. */
  accountCheckingIdentities?: readonly string[] | undefined;
  /** Roots trusted for the ACME directory and our own policy fetch, besides the usual ones. */
  caPem?: string | undefined;
  secretKeys: string;
  /** Where policies are fetched. */
  httpsPort: number;
  /** Where http-01 challenges are fetched. */
  httpPort: number;
  allowPrivateAddresses: boolean;
  health: { port: number; bindAddress: string };
  /** Jobs at a time. Most of a job is waiting for somebody else's answer. */
  concurrency: number;
};

/** Starts taking jobs. Postgres may be away at any time, at the start too. */
export async function startWorker(
  options: WorkerOptions,
  logger: Logger,
): Promise<{ isRunning(): boolean; stop(): Promise<void> }> {
  const { databaseUrl, concurrency } = options;
  const db = openDatabase(databaseUrl, { poolSize: concurrency + 5 });
  const metrics = createWorkerMetrics(db);
  const dnsDrift = createDnsDriftMetrics(metrics.registry);
  const deps = createWorkerDeps(options, { db, now: () => new Date() }, logger, dnsDrift);
  const closeHealth = await startHealthServer({
    ...options.health,
    registry: metrics.registry,
    needs: async () => ({
      postgres: await db.$queryRaw`select 1`.then(
        () => true,
        () => false,
      ),
      jobs: runner.isRunning(),
    }),
  });
  const runner = runJobs({ databaseUrl, db, jobs: JOBS, deps, concurrency, metrics, logger });
  const stopReleasing = releaseDeadRunners(db, logger);
  return {
    isRunning: runner.isRunning,
    stop: async () => {
      stopReleasing();
      await runner.stop();
      deps.acme.close();
      await closeHealth();
      await db.$disconnect();
    },
  };
}
