import { type ChildProcess, fork } from "node:child_process";
import type { Writable } from "node:stream";

export type SupervisedChild = {
  name: string;
  /** Process id of the running instance; undefined between two. */
  pid(): number | undefined;
  /** Stops it permanently: SIGTERM, and SIGKILL when that is not enough. */
  stop(): Promise<void>;
};

type Options = {
  name: string;
  /** The TypeScript file to run. */
  script: string;
  env: Record<string, string>;
  /** Arguments for Node itself. */
  nodeArgs?: readonly string[] | undefined;
  /** Where its log lines go. */
  log: Writable;
  /** One line for the operator's terminal. */
  tell(line: string): void;
};

const FIRST_RESTART_MS = 200;
const LONGEST_RESTART_MS = 10_000;
/** A child that ran this long is healthy again: its next restart is quick. */
const HEALTHY_AFTER_MS = 30_000;
const STOP_DEADLINE_MS = 12_000;
/** A machine with a load of 18 on two cores took more than a minute. */
const READY_WITHIN_MINUTES = 3;
/** The kernel may kill one for memory that another needs only while it starts. */
const MAX_FAILED_STARTS = 3;

/**
 * Runs a process of ours and starts it again whenever it dies.
 *
 * Resolves when it says it is ready the first time. A child that is not ready in time, gives up with a reason (a port in use, a bad
 * setting) or ends three times before it is ready, rejects with that reason.
 */
export async function superviseChild(options: Options): Promise<SupervisedChild> {
  let current: ChildProcess | undefined;
  let stopping = false;
  let restartMs = FIRST_RESTART_MS;
  let ready = false;
  let failedStarts = 0;

  function launch(onReady: () => void, onFailed: (reason: string) => void): void {
    const startedAtMs = performance.now();
    // Its own process group: Ctrl-C reaches us alone, and we stop the children in order.
    const child = fork(options.script, {
      env: options.env,
      execArgv: [...(options.nodeArgs ?? [])],
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    current = child;
    child.stdout?.pipe(options.log, { end: false });
    child.stderr?.pipe(options.log, { end: false });
    child.on("message", (message) => {
      if (isReady(message)) onReady();
      else if (isFailure(message)) onFailed(message.failed);
    });
    child.once("exit", (status, signal) => {
      current = undefined;
      if (stopping) return;
      const how = signal ?? `status ${status}`;
      if (!ready && ++failedStarts === MAX_FAILED_STARTS) {
        onFailed(`It ended ${MAX_FAILED_STARTS} times before it was ready (${how}).`);
        return;
      }
      if (performance.now() - startedAtMs > HEALTHY_AFTER_MS) restartMs = FIRST_RESTART_MS;
      options.tell(`${options.name} ended (${how}); starting it again`);
      setTimeout(() => {
        if (!stopping) launch(onReady, onFailed);
      }, restartMs);
      restartMs = Math.min(restartMs * 2, LONGEST_RESTART_MS);
    });
  }

  await new Promise<void>((resolve, reject) => {
    const tooLate = setTimeout(
      () => fail(`It was not ready within ${READY_WITHIN_MINUTES} minutes.`),
      READY_WITHIN_MINUTES * 60_000,
    );
    const fail = (reason: string) => {
      clearTimeout(tooLate);
      stopping = true;
      current?.kill("SIGTERM");
      reject(new Error(reason));
    };
    launch(
      () => {
        ready = true;
        clearTimeout(tooLate);
        resolve();
      },
      // Once it ran, a failed restart (Postgres away for a moment) is tried again.
      (reason) => (ready ? options.tell(`${options.name}: ${reason}`) : fail(reason)),
    );
  });

  return {
    name: options.name,
    pid: () => current?.pid,
    stop: async () => {
      stopping = true;
      const child = current;
      if (!child) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const tooLate = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
      await ended;
      clearTimeout(tooLate);
    },
  };
}

function isReady(message: unknown): boolean {
  return typeof message === "object" && message !== null && "ready" in message;
}

function isFailure(message: unknown): message is { failed: string } {
  return (
    typeof message === "object" &&
    message !== null &&
    "failed" in message &&
    typeof message.failed === "string"
  );
}
