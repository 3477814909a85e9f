import { setTimeout as delay } from "node:timers/promises";
import type { SqlDatabase } from "@waxseal/db/sql";
import {
  type ClockState,
  type ServiceClock,
  type ServiceClockDeps,
  startServiceClock,
} from "@waxseal/runtime";
import { describeClockDifference } from "./describe-clock-difference.ts";
import { clearCondition, raiseCondition } from "./operator-condition.ts";
import { processSubject } from "./process-subject.ts";

type Options = Pick<ServiceClockDeps, "logger" | "registry" | "onCompared"> & {
  db: SqlDatabase;
  /** Name of the app, e.g. `worker`. */
  app: string;
  /** Given by a process' entry only: makes `Date` of the whole process follow the clock. */
  setDate?: ((nowMs: () => number) => void) | undefined;
  /** This machine's time of day. */
  machineMs?: (() => number) | undefined;
};

/** How long a start waits for the first comparison: apps start without the database as well. */
const FIRST_COMPARISON_MS = 2_000;

/** The time of the database, in Unix milliseconds. */
export async function readDatabaseTimeMs(db: SqlDatabase): Promise<number> {
  const [row] = await db.$queryRaw<{ ms: number }[]>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
  if (!row) throw new Error("The database did not return its time.");
  return row.ms;
}

/** An app's clock; `compared` resolves after the first comparison, or without it after two seconds. */
export type AppClock = ServiceClock & { compared: Promise<unknown> };

/**
 * Starts an app's clock, which is the database's (see `startServiceClock`), and warns the operator while this machine's own differs
 * from it by more than 5 seconds.
 */
export function startAppClock(options: Options): AppClock {
  const { db, logger } = options;
  const subject = processSubject(options.app);
  let isRaised: boolean | undefined;

  async function tellOperator(isOff: boolean, aheadMs: number): Promise<void> {
    if (!isOff && isRaised === false) return;
    const text = `The clock of ${subject} is ${describeClockDifference(aheadMs)} the database's.`;
    const condition = {
      code: "clock",
      subject,
      text,
      detail: { aheadSeconds: Math.round(aheadMs / 1_000) },
    } as const;
    await (isOff ? raiseCondition(db, condition) : clearCondition(db, condition));
    isRaised = isOff;
  }

  const clock = startServiceClock({
    askTimeMs: () => readDatabaseTimeMs(db),
    logger,
    registry: options.registry,
    ...(options.machineMs && { machineMs: options.machineMs }),
    onCompared: (comparison) => {
      options.onCompared?.(comparison);
      tellOperator(comparison.state !== "right", comparison.aheadMs).catch((error) =>
        logger.warn({ err: error }, "operator condition could not be recorded"),
      );
    },
  });
  options.setDate?.(() => clock.now().getTime());
  const patience = delay(FIRST_COMPARISON_MS, undefined, { ref: false });
  return { ...clock, compared: Promise.race([clock.compare(), patience]) };
}

/** What /readyz says about a clock. */
export function describeClock(clock: ServiceClock): { state: ClockState; aheadSeconds: number | null } {
  const aheadMs = clock.aheadMs();
  return { state: clock.state(), aheadSeconds: aheadMs === undefined ? null : Math.round(aheadMs / 1_000) };
}
