import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@waxseal/db";
import type { Logger as PinoLogger } from "@waxseal/runtime";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { Logger, parseCronItems, type Runner, run, type TaskList } from "graphile-worker";
import type { DefinedJob } from "./define-job.ts";
import { keepAliveSign } from "./keep-alive-sign.ts";
import { openJobPool } from "./open-job-pool.ts";
import type { WorkerDeps } from "./worker-deps.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

type Options = {
  databaseUrl: string;
  db: Database;
  jobs: readonly DefinedJob[];
  deps: WorkerDeps;
  concurrency: number;
  metrics: WorkerMetrics;
  logger: PinoLogger;
  /** Whether jobs are held at first. */
  isHeld?: boolean;
};

/** Jobs that run until they are stopped. */
export type RunningJobs = {
  /** Whether jobs are being taken now. */
  isRunning(): boolean;
  /** While held, no new job is taken; running jobs are finished. */
  hold(isHeld: boolean): void;
  /** Starts the runner again, which plans its recurring jobs by the time it is now. */
  restart(): void;
  stop(): Promise<void>;
};

const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 5_000;
const HELD_LOOK_MS = 250;
const STOP_PATIENCE_MS = 7_000;

/** Runs jobs until stopped, and starts the runner again whenever it ends, as it does when Postgres goes away. */
export function runJobs(options: Options): RunningJobs {
  const { logger } = options;
  const stopped = new AbortController();
  let runner: Runner | undefined;
  let isHeld = options.isHeld ?? false;
  // Rejects when it is stopping already, as it does when Postgres is gone.
  const endRunner = () => void runner?.stop().catch(() => undefined);

  async function keepRunning(): Promise<void> {
    for (let restartMs = FIRST_RESTART_MS; !stopped.signal.aborted; ) {
      if (isHeld) {
        await delay(HELD_LOOK_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
        continue;
      }
      try {
        const started = await start(options);
        runner = started.runner;
        const ended = runner.promise.finally(started.end);
        // Awaited below; a rejection before that has an owner too.
        ended.catch(() => undefined);
        logger.info("taking jobs");
        restartMs = FIRST_RESTART_MS;
        if (stopped.signal.aborted || isHeld) await runner.stop();
        await ended;
      } catch (error) {
        logger.warn({ err: error, restartMs }, "the runner ended");
      }
      runner = undefined;
      await delay(restartMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      restartMs = Math.min(restartMs * 2, LONGEST_RESTART_MS);
    }
  }

  const finished = keepRunning();
  return {
    isRunning: () => runner !== undefined,
    hold: (hold) => {
      if (hold === isHeld) return;
      isHeld = hold;
      if (hold) endRunner();
    },
    restart: endRunner,
    stop: async () => {
      stopped.abort();
      endRunner();
      // A job that waits for a CA is not waited for: another worker takes it up where it is.
      await Promise.race([finished, delay(STOP_PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}

async function start({ databaseUrl, jobs, deps, concurrency, metrics, logger }: Options) {
  const events = new EventEmitter();
  let endSign: (() => Promise<void>) | undefined;
  const { pool, setRunner, close } = openJobPool({ databaseUrl, max: concurrency + 3, logger });
  events.on("pool:create", ({ workerPool }: { workerPool: { id: string } }) => {
    setRunner(workerPool.id);
    endSign = keepAliveSign(databaseUrl, workerPool.id);
  });
  const end = async () => {
    await close();
    await endSign?.();
  };
  const runner = await run({
    pgPool: pool,
    concurrency,
    noHandleSignals: true,
    pollInterval: 1_000,
    events,
    logger: new Logger(() => (level, message) => {
      if (level === "error" || level === "warning") logger.warn({ from: "graphile-worker" }, message);
    }),
    taskList: toTaskList(jobs, deps, metrics),
    parsedCronItems: parseCronItems(
      jobs.flatMap(({ name, cron, attempts }) =>
        cron
          ? [{ task: name, match: cron, options: { maxAttempts: attempts, ...makeUpFor(name, cron) } }]
          : [],
      ),
    ),
  }).catch(async (error) => {
    await end();
    throw error;
  });
  return { runner, end };
}

/** A job that is due once an hour or less often, and was missed while no worker ran, starts once with the first one that does. */
function makeUpFor(name: string, cron: string) {
  return cron.startsWith("*") ? {} : { backfillPeriod: DAY_MS, jobKey: `cron:${name}` };
}

function toTaskList(jobs: readonly DefinedJob[], deps: WorkerDeps, metrics: WorkerMetrics): TaskList {
  return Object.fromEntries(
    jobs.map((job) => [
      job.name,
      async (payload: unknown, { job: { attempts } }: { job: { attempts: number } }) =>
        metrics.measure(job.name, () => job.run(deps, payload, attempts)),
    ]),
  );
}
