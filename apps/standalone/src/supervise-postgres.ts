import { setTimeout as delay } from "node:timers/promises";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@waxseal/db";

export type SupervisedPostgres = {
  databaseUrl: string;
  /** Process id of the running postmaster; undefined during a restart. */
  pid(): number | undefined;
  /** Stops it permanently. */
  stop(): Promise<void>;
};

type Options = {
  dataDir: string;
  /** Where its log goes, and the name of that for the operator. */
  log: { write(text: string): unknown };
  logName: string;
  /** One line for the operator's terminal. */
  tell(line: string): void;
};

const FIRST_RESTART_MS = 200;
const LONGEST_RESTART_MS = 5_000;
/** A server that ran this long is healthy again: its next restart is quick. */
const HEALTHY_AFTER_MS = 30_000;
/** A full disk is in every line of the log; the terminal gets it so often. */
const TELL_AGAIN_MS = 60_000;
/** The first restarts after a kill fail until the last processes of the killed server are gone. */
const QUIET_FAILURES = 3;
const DISK_IS_FULL = /No space left on device|Disk quota exceeded/;

/**
 * Runs the embedded Postgres and starts it again on the same port whenever its postmaster ends, for as long as that takes: a full disk
 * needs room, not a person.
 *
 * @throws Error one sentence for the operator when the first start fails
 */
export async function supervisePostgres(options: Options): Promise<SupervisedPostgres> {
  const { dataDir, log, logName, tell } = options;
  const stopped = new AbortController();
  let toldFullAtMs = Number.NEGATIVE_INFINITY;
  const onLog = (text: string) => {
    log.write(text);
    if (!DISK_IS_FULL.test(text) || performance.now() - toldFullAtMs < TELL_AGAIN_MS) return;
    toldFullAtMs = performance.now();
    tell(
      `The disk is full, so Postgres cannot store anything. Free some space for ${dataDir}: no restart is needed.`,
    );
  };
  const start = (port: number) => startEmbeddedPostgres({ dataDir, onLog, port });

  const first = await start(0);
  const { port, databaseUrl } = first;
  let running: EmbeddedPostgres | undefined = first;

  /** Undefined: stopped before it ran. */
  async function startAgain(firstPauseMs: number): Promise<EmbeddedPostgres | undefined> {
    for (let failures = 0, pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, LONGEST_RESTART_MS)) {
      await delay(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return undefined;
      try {
        return await start(port);
      } catch (error) {
        failures += 1;
        const reason = error instanceof Error ? error.message : String(error);
        log.write(`${reason}\n`);
        if (failures === QUIET_FAILURES && !/disk is full/.test(reason))
          tell(`${reason}. Trying again every few seconds. Its log: ${logName}`);
      }
    }
  }

  async function keepRunning(): Promise<void> {
    let restartMs = FIRST_RESTART_MS;
    for (let server: EmbeddedPostgres | undefined = first; server; running = server) {
      const startedAtMs = performance.now();
      const reason = await server.ended;
      running = undefined;
      if (stopped.signal.aborted) return;
      if (performance.now() - startedAtMs > HEALTHY_AFTER_MS) restartMs = FIRST_RESTART_MS;
      tell(`Postgres ended (${reason}); starting it again. Its log: ${logName}`);
      server = await startAgain(restartMs);
      restartMs = Math.min(restartMs * 2, LONGEST_RESTART_MS);
      if (server && stopped.signal.aborted) await server.stop();
      else if (server) tell("Postgres is running again.");
    }
  }

  const finished = keepRunning();
  return {
    databaseUrl,
    pid: () => running?.pid,
    stop: async () => {
      stopped.abort();
      await running?.stop();
      await finished;
    },
  };
}
