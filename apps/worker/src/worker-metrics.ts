import type { Database } from "@waxseal/db";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
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
