import type { AppErrorCode } from "@waxseal/contract";
import { AppError } from "@waxseal/core";
import type { z } from "zod";
import type { WorkerDeps } from "./worker-deps.ts";

type Job<Payload> = {
  name: string;
  payload: z.ZodType<Payload>;
  /** When it starts automatically, as a crontab line's five fields, in UTC. */
  cron?: string;
  /** How often one job is tried before it is given up; a sweep finds what is still to do. */
  retry: { attempts: number };
  run(deps: WorkerDeps, payload: Payload): Promise<unknown>;
};

/** A job as the runner sees it. */
export type DefinedJob = {
  readonly name: string;
  readonly cron: string | undefined;
  readonly attempts: number;
  /** Runs the job; throws when it is to be tried again. */
  run(deps: WorkerDeps, payload: unknown, attempt: number): Promise<JobOutcome>;
};

/** How one run of a job ended; `dropped`: it can never succeed. */
export type JobOutcome = "done" | "dropped" | "given-up";

/** What a refusal means for a job: the same input may succeed later, or never. */
const ON_REFUSAL = {
  invalid: "drop",
  unauthenticated: "drop",
  account_required: "drop",
  no_account: "drop",
  forbidden: "drop",
  not_found: "drop",
  conflict: "drop",
  precondition_failed: "drop",
  confirm_needed: "drop",
  unsafe: "drop",
  limit_reached: "retry",
  unavailable: "retry",
  reports_unavailable: "retry",
} satisfies Record<AppErrorCode, "drop" | "retry">;

/** Defines one background job: payload checked, one verb called, refusals that are final not tried again. */
export function defineJob<Payload>(job: Job<Payload>): DefinedJob {
  return {
    name: job.name,
    cron: job.cron,
    attempts: job.retry.attempts,
    run: async (deps, payload, attempt) => {
      const logger = deps.logger.child({ job: job.name, attempt });
      try {
        const result = await job.run(deps, job.payload.parse(payload));
        logger.debug({ payload, result }, "done");
        return "done";
      } catch (error) {
        if (error instanceof AppError && ON_REFUSAL[error.code] === "drop") {
          logger.info({ payload, reason: error.message }, "dropped");
          return "dropped";
        }
        if (attempt >= job.retry.attempts) {
          logger.error({ payload, err: error }, "given up");
          return "given-up";
        }
        throw error;
      }
    },
  };
}
