import { createSecretBox, type HostingSettings, reportsMxHost } from "@waxseal/core";
import { createMailer } from "@waxseal/core/mail";
import { askDatabase, describeClock, startAppClock, watchKeys, watchSchema } from "@waxseal/core/operating";
import type { Publisher } from "@waxseal/core/publishing";
import { openDatabase } from "@waxseal/db";
import { type ClockState, type Logger, type OwnProcess, startHealthServer } from "@waxseal/runtime";
import { createDnsDriftMetrics } from "./create-dns-drift-metrics.ts";
import { createWorkerDeps } from "./create-worker-deps.ts";
import { JOBS } from "./jobs/index.ts";
import { createOperatorMeasure } from "./measure-operator-facts.ts";
import type { PublisherChoice } from "./open-publisher.ts";
import { createIntakeTest } from "./probe-own-intake.ts";
import { releaseDeadRunners } from "./release-dead-runners.ts";
import { type RunningJobs, runJobs } from "./run-jobs.ts";
import { createSendToOperator, pingHeartbeat } from "./send-to-operator.ts";
import { watchCrons } from "./watch-crons.ts";
import { watchOperator } from "./watch-operator.ts";
import type { WorkerDeps } from "./worker-deps.ts";
import { createWorkerMetrics } from "./worker-metrics.ts";

export type WorkerOptions = {
  databaseUrl: string;
  /** URL of the reports' database; `databaseUrl` when undefined. */
  reportsDatabaseUrl?: string | undefined;
  settings: HostingSettings;
  /** Where people reach the dashboard; messages link to it. */
  publicUrl?: string | undefined;
  publisher: PublisherChoice | Publisher;
  /** Empty: the system's. */
  dnsResolvers: readonly string[];
  directoryUrls: readonly string[];
  /** The operator's own hosts that need certificates. */
  operatorHosts?: readonly string[] | undefined;
  /** How mail leaves; undefined: the queue waits for a worker that has it. */
  mail?: { smtpUrl: string; requireTls: boolean | undefined; from: string } | undefined;
  /** Where mail to postmaster and abuse is forwarded; undefined: none is taken. */
  operatorAddress?: string | undefined;
  /** Who is notified of what is wrong with the installation; undefined: it is not watched. */
  operator?: { mailTo: string | undefined; alertUrl: string | undefined; heartbeatUrl: string | undefined };
  /** Prints monthly reports. */
  chromiumPath?: string | undefined;
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
  /** Where MX hosts are connected to; 25 unless given. */
  smtpPort?: number | undefined;
  /** What MX probes say in EHLO; unset: the MX of the reports domain. */
  ehloName?: string | undefined;
  probeContact?: string | undefined;
  /** New connections to MX hosts in a minute, of all processes together; unset: 60. */
  connectionsAMinute?: number | undefined;
  /** MX hosts that say whether our own line works; none: it always counts as working. */
  controlHosts?: readonly string[];
  allowPrivateAddresses: boolean;
  health: { port: number; bindAddress: string };
  /** Jobs at a time. A job mostly waits for answers of other servers. */
  concurrency: number;
};

/** Until the first comparison the time is this machine's. */
const mustHold = (state: ClockState) => state === "wrong" || state === "unknown";
/** A larger correction of the database's time starts the runner again. */
const STEP_MS = 5_000;

/**
 * Starts taking jobs, except while this machine's clock differs from the database's by more than a minute, and while `secretKeys` do not
 * open what is stored. Postgres may be away at any time, at the start too.
 */
export async function startWorker(
  options: WorkerOptions,
  logger: Logger,
  {
    setDate,
    machineMs,
    isStopping,
  }: { setDate?: OwnProcess["setDate"]; machineMs?: () => number; isStopping?: () => boolean } = {},
): Promise<{ isRunning(): boolean; stop(): Promise<void> }> {
  const { databaseUrl, reportsDatabaseUrl, concurrency } = options;
  const db = openDatabase(databaseUrl, { poolSize: concurrency + 5, reportsDatabaseUrl });
  const metrics = createWorkerMetrics(db, options.directoryUrls);
  const dnsDrift = createDnsDriftMetrics(metrics.registry);
  const keys = watchKeys(db, createSecretBox(options.secretKeys).openSync, { hasAccounts: true });
  let runner: RunningJobs | undefined;
  const holdJobs = async (state: ClockState) => runner?.hold(mustHold(state) || (await keys()) !== true);
  const clock = startAppClock({
    db,
    app: "worker",
    logger,
    registry: metrics.registry,
    setDate,
    machineMs,
    onCompared: ({ state, steppedMs }) => {
      void holdJobs(state);
      // Recurring jobs wait for a time of day: one that was set back would let them sleep.
      if (Math.abs(steppedMs) > STEP_MS) runner?.restart();
    },
  });
  await clock.compared;
  const schema = watchSchema(db);
  const deps = createWorkerDeps(options, { db, now: clock.now }, logger, dnsDrift);
  const closeHealth = await startHealthServer({
    ...options.health,
    registry: metrics.registry,
    isStopping,
    needs: async () => ({
      schema: await schema(),
      postgres: await askDatabase(db),
      keys: await keys(),
      jobs: runner?.isRunning() || "No job is taken now.",
      clock: clock.state() !== "wrong" || "This machine's clock is wrong.",
    }),
    details: () => ({ clock: describeClock(clock) }),
  });
  runner = runJobs({
    databaseUrl,
    db,
    jobs: JOBS,
    deps,
    concurrency,
    metrics,
    logger,
    isHeld: mustHold(clock.state()) || (await keys()) !== true,
  });
  const crons = watchCrons({
    db,
    jobs: JOBS,
    logger,
    registry: metrics.registry,
    onOverdue: () => runner?.restart(),
  });
  const stopReleasing = releaseDeadRunners(db, logger);
  const watch = options.operator && startWatch(options, deps, logger);
  return {
    isRunning: runner.isRunning,
    stop: async () => {
      clock.stop();
      crons.stop();
      stopReleasing();
      watch?.stop();
      await runner.stop();
      deps.acme.close();
      deps.mailer?.close();
      await closeHealth();
      await db.$disconnect();
    },
  };
}

/** A mail to ourselves goes straight to the MX host of the reports domain, as senders do it. */
function startIntakeTest({ settings, smtpPort = 25 }: WorkerOptions, { source, alerting }: WorkerDeps) {
  const host = reportsMxHost(settings.reportsDomain);
  const from = `postmaster@${settings.reportsDomain}`;
  const mailer = createMailer({ smtpUrl: `smtp://${host}:${smtpPort}`, from });
  return createIntakeTest({ db: source.db, now: source.now, bounces: alerting.bounces, mailer });
}

/** Watches the installation; a look in two worker processes is sent by one of them. */
function startWatch(options: WorkerOptions, deps: WorkerDeps, logger: Logger): { stop(): void } {
  const { mailTo, alertUrl, heartbeatUrl } = options.operator ?? {};
  const { source, dnsDrift, directoryUrls, mailer } = deps;
  const isServed = async (domain: string) => "found" in (await deps.fetchPolicy(domain));
  return watchOperator({
    db: source.db,
    now: source.now,
    logger,
    measure: createOperatorMeasure({
      ...{ db: source.db, now: source.now, directoryUrls, dnsDrift, isServed },
      ...{ resolver: deps.resolver, controlHosts: deps.controlHosts, openKey: deps.secretBox.openSync },
      testIntake: mailTo ? startIntakeTest(options, deps) : undefined,
    }),
    send:
      mailTo || alertUrl ? createSendToOperator({ mailer, to: mailTo, url: alertUrl, logger }) : undefined,
    ping: async () => {
      if (heartbeatUrl) await pingHeartbeat(heartbeatUrl, logger);
    },
  });
}
