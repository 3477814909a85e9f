import { setTimeout as delay } from "node:timers/promises";
import { Gauge, type Registry } from "prom-client";
import type { Logger } from "./create-logger.ts";

/** What a comparison of this machine's clock with the database's says. */
export type ClockState = "unknown" | "right" | "off" | "wrong";

/** The time of the whole installation, by the clock of the database. */
export type ServiceClock = {
  /** The database's time. Until the database has answered once: this machine's time at start, and the time since. */
  now(): Date;
  /** Compares now, unless a comparison is under way. Resolves to whether the database answered; never rejects. */
  compare(): Promise<boolean>;
  /** How far this machine's clock is ahead of the database's, negative when it is behind; undefined: never compared. */
  aheadMs(): number | undefined;
  /** `off`: by more than 5 seconds, which is reported. `wrong`: by more than a minute, which ends work and readiness. */
  state(): ClockState;
  stop(): void;
};

/** What {@link startServiceClock} depends on. */
export type ServiceClockDeps = {
  /** The database's time in Unix milliseconds. */
  askTimeMs(): Promise<number>;
  logger: Logger;
  registry: Registry;
  /** After each comparison, and when the state changes. */
  onCompared?: ((clock: { state: ClockState; aheadMs: number; steppedMs: number }) => void) | undefined;
  /** This machine's time of day, and the clock that is never set. */
  machineMs?: () => number;
  steadyMs?: () => number;
};

const OFF_MS = 5_000;
const WRONG_MS = 60_000;
const COMPARE_EVERY_MS = 60_000;
/** While this machine's clock is off: work goes on soon after it is right again. */
const COMPARE_OFF_EVERY_MS = 2_000;
/** Until the first answer. */
const TRY_EVERY_MS = 1_000;
const WAIT_MS = {
  unknown: TRY_EVERY_MS,
  right: COMPARE_EVERY_MS,
  off: COMPARE_OFF_EVERY_MS,
  wrong: COMPARE_OFF_EVERY_MS,
} satisfies Record<ClockState, number>;
/** A slower answer says too little about the time, unless it is the first. */
const SLOW_ANSWER_MS = 4_000;
/** A connection may have gone silent. */
const SILENCE_MS = 15_000;

/**
 * Starts the clock that everything in a process goes by: the database's, asked now and every minute, and continued by the clock that
 * is never set. Setting this machine's clock changes nothing in between.
 *
 * Several machines work on one database: what one of them deleted, expired or held back by a wrong clock of its own would be lost for
 * all.
 */
export function startServiceClock(deps: ServiceClockDeps): ServiceClock {
  const { askTimeMs, logger, machineMs = systemTimeMs, steadyMs = () => performance.now() } = deps;
  let offsetMs = machineMs() - steadyMs();
  let aheadMs: number | undefined;
  let state: ClockState = "unknown";
  let comparedAtMs: number | undefined;
  let underWay: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function record(databaseMs: number, askedAtMs: number): void {
    const answeredAtMs = steadyMs();
    const doubtMs = (answeredAtMs - askedAtMs) / 2;
    const newOffsetMs = databaseMs - (askedAtMs + doubtMs);
    const steppedMs = comparedAtMs === undefined ? 0 : newOffsetMs - offsetMs;
    offsetMs = newOffsetMs;
    comparedAtMs = answeredAtMs;
    aheadMs = machineMs() - (newOffsetMs + answeredAtMs);
    const before = state;
    state = stateOf(Math.abs(aheadMs) - doubtMs);
    if (state !== before) report(logger, state, before, aheadMs);
    deps.onCompared?.({ state, aheadMs, steppedMs });
  }

  async function ask(): Promise<boolean> {
    const askedAtMs = steadyMs();
    const silence = delay(SILENCE_MS, undefined, { ref: false });
    const answer = await Promise.race([askTimeMs(), silence]).catch(() => undefined);
    if (answer === undefined) return false;
    if (comparedAtMs !== undefined && steadyMs() - askedAtMs > SLOW_ANSWER_MS) return false;
    record(answer, askedAtMs);
    return true;
  }

  function compare(): Promise<boolean> {
    underWay ??= ask().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  function goOn(): void {
    if (stopped) return;
    timer = setTimeout(() => void compare().finally(goOn), WAIT_MS[state]);
    timer.unref();
  }

  addClockMetrics(deps.registry, {
    aheadMs: () => aheadMs,
    comparedAgoMs: () => (comparedAtMs === undefined ? undefined : steadyMs() - comparedAtMs),
  });
  void compare().finally(goOn);
  return {
    now: () => new Date(Math.round(offsetMs + steadyMs())),
    compare,
    aheadMs: () => aheadMs,
    state: () => state,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Taken before a process sets its `Date` (see `setProcessDate`): this machine's own clock. */
const systemTimeMs = Date.now;

function stateOf(differenceMs: number): ClockState {
  if (differenceMs > WRONG_MS) return "wrong";
  return differenceMs > OFF_MS ? "off" : "right";
}

function report(logger: Logger, state: ClockState, before: ClockState, aheadMs: number): void {
  const aheadSeconds = Math.round(aheadMs / 1_000);
  if (state === "wrong")
    logger.error(
      { aheadSeconds },
      "operator alert: this machine's clock differs from the database's by more than a minute",
    );
  else if (state === "off")
    logger.warn(
      { aheadSeconds },
      "operator alert: this machine's clock differs from the database's by more than 5 seconds",
    );
  else if (before !== "unknown")
    logger.info({ aheadSeconds }, "this machine's clock agrees with the database's again");
}

function addClockMetrics(
  registry: Registry,
  read: { aheadMs(): number | undefined; comparedAgoMs(): number | undefined },
): void {
  const addGauge = (name: string, help: string, valueMs: () => number | undefined) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set((valueMs() ?? Number.NaN) / 1_000);
      },
    });
  addGauge(
    "waxseal_clock_ahead_seconds",
    "How far this machine's clock is ahead of the database's; NaN before the first comparison",
    read.aheadMs,
  );
  addGauge(
    "waxseal_clock_compared_ago_seconds",
    "Time since this machine's clock was last compared with the database's",
    read.comparedAgoMs,
  );
}
