import { setTimeout as delay } from "node:timers/promises";
import { createLogger, type Logger } from "./create-logger.ts";
import { explainStartFailure } from "./explain-start-failure.ts";
import { readSecretFiles } from "./read-secret-files.ts";
import { setProcessDate } from "./set-process-date.ts";
import { loadSettings } from "./settings.ts";

type Running = {
  /** Stops taking work, finishes what is under way, closes everything. */
  stop(): Promise<void>;
};

/** A stop that takes longer is cut off: whatever was accepted is durable anyway. */
const STOP_DEADLINE_MS = 10_000;

/** What {@link runApp} gives a start that takes the whole process for itself. */
export type OwnProcess = {
  setDate(nowMs: () => number): void;
  /** Whether the process was asked to stop: true for `DRAIN_SECONDS` before `stop` is called. */
  isStopping(): boolean;
};

/**
 * Runs one process: starts it, sends a parent that forked it `{ ready: true }`, and stops it cleanly on
 * SIGTERM, on SIGINT, or when the parent is gone. A failed start ends with one sentence and status 1.
 */
export async function runApp(
  app: string,
  env: NodeJS.ProcessEnv,
  start: (logger: Logger, env: NodeJS.ProcessEnv, own: OwnProcess) => Promise<Running>,
): Promise<void> {
  const logger = createLogger(app, env.LOG_LEVEL || "info");
  let running: Running;
  let drainMs = 0;
  let stopping = false;
  try {
    readSecretFiles(env);
    drainMs = loadSettings(env, ["DRAIN_SECONDS"]).DRAIN_SECONDS * 1_000;
    running = await start(logger, env, { setDate: setProcessDate, isStopping: () => stopping });
  } catch (error) {
    const message = explainStartFailure(error);
    logger.fatal({ err: error }, message);
    process.send?.({ failed: message });
    process.exitCode = 1;
    // Sockets opened before the failure must not keep a half-started process alive.
    setTimeout(() => process.exit(1), 100);
    return;
  }

  const stop = async (reason: string, fromParent = false) => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, "stopping");
    // A parent that is gone has no front in front of us.
    if (!fromParent) await delay(drainMs);
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    running.stop().then(
      () => process.exit(0),
      (error) => {
        logger.error({ err: error }, "did not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("SIGINT", () => void stop("SIGINT"));
  if (process.connected) process.on("disconnect", () => void stop("parent is gone", true));
  process.on("unhandledRejection", (error) => {
    logger.fatal({ err: error }, "unhandled rejection");
    process.exit(70);
  });
  process.send?.({ ready: true });
  logger.info("ready");
}
