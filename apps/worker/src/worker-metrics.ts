import { countRecountDays, listHeldDeletions } from "@waxseal/core/reports";
import type { Database } from "@waxseal/db";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { addOperatingMetrics } from "./add-operating-metrics.ts";
import type { JobOutcome } from "./define-job.ts";

export type WorkerMetrics = {
  registry: Registry;
  /** Runs one job and counts it with its outcome and duration. */
  measure(job: string, run: () => Promise<JobOutcome>): Promise<void>;
};

/** Metrics of one worker, and of the queue and the certificates as a whole. */
export function createWorkerMetrics(db: Database, directoryUrls: readonly string[]): WorkerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addOperatingMetrics(registry, { db, directoryUrls });
  const durations = new Histogram({
    name: "waxseal_job_duration_seconds",
    help: "How long jobs took, by name and outcome",
    labelNames: ["job", "outcome"],
    buckets: [0.01, 0.05, 0.25, 1, 5, 15, 60],
    registers: [registry],
  });
  const givenUp = new Counter({
    name: "waxseal_jobs_given_up_total",
    help: "Jobs that failed as often as they may and were given up, by name",
    labelNames: ["job"],
    registers: [registry],
  });
  new Gauge({
    name: "waxseal_jobs_waiting",
    help: "Jobs that could run now, by name",
    labelNames: ["job"],
    registers: [registry],
    async collect() {
      const rows = await db.$queryRaw<{ job: string; waiting: number }[]>`
        select task_identifier as job, count(*)::int as waiting from graphile_worker.jobs
        where run_at <= now() and attempts < max_attempts and locked_at is null group by 1`;
      this.reset();
      for (const { job, waiting } of rows) this.set({ job }, waiting);
    },
  });
  new Gauge({
    name: "waxseal_certificate_names",
    help: "Hosts by the state of their certificate",
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      const rows = await db.certificateName.groupBy({ by: ["state"], _count: true });
      this.reset();
      for (const { state, _count } of rows) this.set({ state }, _count);
    },
  });
  new Gauge({
    name: "waxseal_report_days_to_recount",
    help: "Days of accounts whose report figures still have to be recomputed after an upgrade",
    registers: [registry],
    async collect() {
      this.set(await countRecountDays(db));
    },
  });
  new Gauge({
    name: "waxseal_held_deletions",
    help: "Unusually large deletions of an account's reports that wait for the operator",
    registers: [registry],
    async collect() {
      this.set((await listHeldDeletions(db)).length);
    },
  });
  return {
    registry,
    measure: async (job, run) => {
      const end = durations.startTimer({ job });
      try {
        const outcome = await run();
        end({ outcome });
        if (outcome === "given-up") givenUp.inc({ job });
      } catch (error) {
        end({ outcome: "failed" });
        throw error;
      }
    },
  };
}
