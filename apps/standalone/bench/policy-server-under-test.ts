import { type ChildProcess, spawn } from "node:child_process";
import { connect } from "node:tls";
import { benchHost } from "./open-bench-pki.ts";
import { readTreeUsage, type TreeUsage } from "./process-tree.ts";

/** How a server is started, and how it compares with the others. */
export type ServerPlan = {
  name: string;
  command: string;
  args: readonly string[];
  env?: Record<string, string>;
  port: number;
  /** Also costs something on this one's behalf: its database. */
  helperPid?: number;
};

export type RunningServer = {
  name: string;
  port: number;
  startMs: number;
  usage(options?: { memory?: boolean }): Promise<TreeUsage>;
  helperUsage(): Promise<TreeUsage | undefined>;
  stop(): Promise<void>;
};

const START_DEADLINE_MS = 900_000;
const POLL_MS = 20;
const STOP_DEADLINE_MS = 15_000;
const IDLE_SHARE = 0.03;
const SETTLE_STEP_MS = 1_000;
/** On a busy machine a working server can seem idle for a second. */
const IDLE_STEPS = 4;
const SETTLE_DEADLINE_MS = 180_000;

/** Starts a server and waits for its first answer over TLS, for the last of the names. */
export async function startServer(plan: ServerPlan, names: number): Promise<RunningServer> {
  const startedMs = performance.now();
  const child = spawn(plan.command, plan.args, {
    env: { ...process.env, ...plan.env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaints = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2_000);
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${plan.name}: cannot run ${plan.command}`);
  while (!(await handshakes(plan.port, benchHost(names - 1)))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${plan.name} ended at once: ${complaints.trim()}`);
    if (performance.now() - startedMs > START_DEADLINE_MS) {
      child.kill("SIGKILL");
      throw new Error(`${plan.name} did not answer: ${complaints.trim()}`);
    }
    await delay(POLL_MS);
  }
  return {
    name: plan.name,
    port: plan.port,
    startMs: performance.now() - startedMs,
    usage: (options) => readTreeUsage(pid, options),
    helperUsage: async () => (plan.helperPid === undefined ? undefined : readTreeUsage(plan.helperPid)),
    stop: () => stop(child),
  };
}

/** Waits until a server has done what it does after its start, such as reading ahead. */
export async function settle(server: RunningServer): Promise<void> {
  const untilMs = performance.now() + SETTLE_DEADLINE_MS;
  let before = await server.usage();
  for (let idleSteps = 0; idleSteps < IDLE_STEPS && performance.now() < untilMs; ) {
    await delay(SETTLE_STEP_MS);
    const after = await server.usage();
    idleSteps = after.cpuSeconds - before.cpuSeconds <= IDLE_SHARE ? idleSteps + 1 : 0;
    before = after;
  }
}

function handshakes(port: number, servername: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", servername, rejectUnauthorized: false }, () => {
      socket.write(`GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: ${servername}\r\n\r\n`);
    });
    const finish = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(5_000, () => finish(false));
    socket.once("data", (chunk: Buffer) => finish(chunk.toString("latin1").startsWith("HTTP/1.1 200")));
    socket.once("error", () => finish(false));
    socket.once("close", () => finish(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
  await ended;
  clearTimeout(timer);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
