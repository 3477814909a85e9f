import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { findFreePort } from "@waxseal/runtime/find-free-port";

const MAIN = new URL("../src/main.ts", import.meta.url);

/** A policy server as its own process. */
export type ServerProcess = { process: ChildProcess; httpsPort: number };

/** Starts a policy server; resolves when it says that it is ready. */
export async function startServerProcess(options: {
  databaseUrl: string;
  secretKeys: string;
  stateDir?: string | undefined;
}): Promise<ServerProcess> {
  const httpsPort = await findFreePort();
  const child = fork(MAIN, {
    env: {
      ...process.env,
      DATABASE_URL: options.databaseUrl,
      SECRET_KEYS: options.secretKeys,
      BIND_ADDRESS: "127.0.0.1",
      POLICY_HTTPS_PORT: String(httpsPort),
      POLICY_HTTP_PORT: "0",
      HEALTH_PORT: "0",
      LOG_LEVEL: "silent",
      ...(options.stateDir === undefined ? {} : { STATE_DIR: options.stateDir }),
    },
  });
  await once(child, "message");
  return { process: child, httpsPort };
}

/** Kills it, paused or not, and waits until it is gone. */
export async function killServerProcess({ process: child }: ServerProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
