import { clearCondition, raiseCondition } from "@waxseal/core/operating";
import type { Database } from "@waxseal/db";
import type { Logger } from "@waxseal/runtime";
import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import { parseCronItems } from "graphile-worker";
import { Gauge, type Registry } from "prom-client";
import type { DefinedJob } from "./define-job.ts";

type Deps = {
  db: Database;
  jobs: readonly DefinedJob[];
  logger: Logger;
  registry: Registry;
  /** Once when a recurring job becomes overdue: this worker's own schedule may be asleep. */
  onOverdue(): void;
};

type KnownCron = { job: string; lastAt: Date; now: Date };

const LOOK_EVERY_MS = 60_000;
/** A job starts within a second of its minute; workers that are restarted take a while. */
const GRACE_MINUTES = 5;
/** No recurring job is rarer than daily. */
const LOOK_BACK_MINUTES = 2 * 24 * 60;

/**
 * Keeps recurring jobs from standing still, from now on and every minute: what a wrong clock recorded as started in the future is
 * pulled back to now, and the operator is warned about the job that has not started when it should have. Times are the database's.
 */
export function watchCrons(deps: Deps): { look(): Promise<void>; stop(): void } {
  const { db, logger, onOverdue } = deps;
  const crons = createSchedules(deps.jobs);
  const overdue = new Set<string>();
  const gauge = new Gauge({
    name: "waxseal_cron_overdue_seconds",
    help: "How long ago a recurring job should have started and has not; 0 when it has",
    labelNames: ["job"],
    registers: [deps.registry],
  });

  async function look(): Promise<void> {
    const pulledBack = await pullBackCrons(db);
    if (pulledBack.length > 0)
      logger.error(
        { jobs: pulledBack },
        "operator alert: recurring jobs were recorded in the future by a wrong clock; they start again",
      );
    for (const { job, lastAt, now } of await readCrons(db)) {
      const missedAt = crons.get(job)?.findMissed(lastAt, now);
      gauge.set({ job }, missedAt === undefined ? 0 : (now.getTime() - missedAt) / 1_000);
      await tell(job, missedAt, now);
    }
  }

  async function tell(job: string, missedAt: number | undefined, now: Date): Promise<void> {
    const condition = { code: "cron-overdue", subject: job } as const;
    if (missedAt === undefined) {
      if (!overdue.delete(job)) return;
      logger.info({ job }, "recurring job starts again");
      return clearCondition(db, condition);
    }
    const minutes = Math.floor((now.getTime() - missedAt) / MINUTE_MS);
    if (!overdue.has(job)) {
      overdue.add(job);
      logger.error({ job, minutes }, "operator alert: a recurring job did not start on time");
      onOverdue();
    }
    const text = `The recurring job ${job} should have started ${minutes} minutes ago. Check that a worker runs and that its clock is right.`;
    await raiseCondition(db, { ...condition, text, detail: { minutes } });
  }

  const lookQuietly = () =>
    void look().catch((error) => logger.debug({ err: error }, "crons could not be looked at"));
  lookQuietly();
  const timer = setInterval(lookQuietly, LOOK_EVERY_MS);
  return { look, stop: () => clearInterval(timer) };
}

/** Pulls back what was recorded in the future, and removes recurring jobs that wait for a time then; returns the jobs' names. */
async function pullBackCrons(db: Database): Promise<string[]> {
  const rows = await db.$queryRaw<{ job: string }[]>`
    update graphile_worker._private_known_crontabs set
      last_execution = date_trunc('minute', clock_timestamp()) - interval '1 minute',
      known_since = least(known_since, clock_timestamp())
    where last_execution > clock_timestamp() + interval '1 minute' or known_since > clock_timestamp() + interval '1 minute'
    returning identifier as job`;
  await db.$executeRaw`
    delete from graphile_worker._private_jobs
    where payload::jsonb ? '_cron' and attempts = 0 and locked_at is null and run_at > clock_timestamp() + interval '1 minute'`;
  return rows.map(({ job }) => job);
}

async function readCrons(db: Database): Promise<KnownCron[]> {
  return db.$queryRaw<KnownCron[]>`
    select identifier as job, coalesce(last_execution, known_since) as "lastAt", clock_timestamp() as now
    from graphile_worker._private_known_crontabs`;
}

type Schedule = {
  /** The last minute at which the job should have started and has not, in Unix milliseconds; undefined when it has. */
  findMissed(lastAt: Date, now: Date): number | undefined;
};

function createSchedules(jobs: readonly DefinedJob[]): Map<string, Schedule> {
  const items = parseCronItems(jobs.flatMap(({ name, cron }) => (cron ? [{ task: name, match: cron }] : [])));
  return new Map(
    items.map(({ identifier, match }) => [
      identifier,
      {
        findMissed: (lastAt, now) => {
          const newestMs = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS - GRACE_MINUTES * MINUTE_MS;
          const oldestMs = Math.max(lastAt.getTime(), newestMs - LOOK_BACK_MINUTES * MINUTE_MS);
          for (let atMs = newestMs; atMs > oldestMs; atMs -= MINUTE_MS)
            if (match(digestOf(atMs))) return atMs;
          return undefined;
        },
      },
    ]),
  );
}

function digestOf(atMs: number) {
  const at = new Date(atMs);
  return {
    min: at.getUTCMinutes(),
    hour: at.getUTCHours(),
    date: at.getUTCDate(),
    month: at.getUTCMonth() + 1,
    dow: at.getUTCDay(),
  };
}
