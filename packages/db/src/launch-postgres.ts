import { type ChildProcess, spawn } from "node:child_process";
import { explainPostgresEnd } from "./explain-postgres-end.ts";

/** The user a server runs as; undefined: as ourselves. */
export type Identity = { uid: number; gid: number } | undefined;

type Options = {
  dataDir: string;
  port: number;
  identity: Identity;
  fast: boolean;
  sharedBuffersMb: number;
  onLog: ((text: string) => void) | undefined;
};

type Launched = { pid: number; ended: Promise<string>; stop(): Promise<void> };

const LOG_KEPT = 8_000;
const LAST_WORDS_MS = 500;

/** Starts a Postgres server and resolves when it accepts connections. @throws Error one sentence for the operator */
export async function launchPostgres(postgres: string, options: Options): Promise<Launched> {
  const { dataDir, port, identity, fast, sharedBuffersMb } = options;
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    // Tests run several installations at once.
    max_connections: fast ? "600" : "200",
    shared_buffers: `${sharedBuffersMb}MB`,
    ...(fast ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // Its own process group: Ctrl-C in the terminal must reach the apps first, Postgres last.
  const child = spawn(postgres, ["-D", dataDir, "-p", String(port), ...flags], {
    ...identity,
    cwd: "/",
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (status, signal) => {
      const tell = () => resolve(explainPostgresEnd(signal ?? lastReason(log) ?? `status ${status}`));
      // Reads the end of the log; processes of a killed server may keep it open longer.
      child.once("close", tell);
      setTimeout(tell, LAST_WORDS_MS).unref();
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      const text = chunk.toString();
      options.onLog?.(text);
      log = (log + text).slice(-LOG_KEPT);
      if (log.includes("ready to accept connections")) resolve();
    });
    child.once("error", (cause) => {
      reject(
        new Error(`Postgres could not be run: ${postgres} is missing or damaged. Run \`npm ci\`.`, { cause }),
      );
    });
    child.once("close", () => {
      reject(new Error(`Postgres could not start on ${dataDir}: ${explainPostgresEnd(log)}`));
    });
  });
  child.unref();
  return { pid: child.pid ?? 0, ended, stop: () => stopServer(child) };
}

/** Returns the newest error that stops Postgres. */
function lastReason(log: string): string | undefined {
  return [...log.matchAll(/(?:FATAL|PANIC):\s*(.*)/g)].at(-1)?.[1];
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const stopped = new Promise((resolve) => child.once("exit", resolve));
  child.ref();
  child.kill("SIGINT");
  await stopped;
}
