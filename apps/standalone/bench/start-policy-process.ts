import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:https";
import { fileURLToPath } from "node:url";
import { findPort } from "../src/find-port.ts";

const POLICY_SERVER = fileURLToPath(new URL("../../policy-server/src/main.ts", import.meta.url));
const STOP_DEADLINE_MS = 10_000;

/** One policy server as it runs in production, asked over a connection that is kept. */
export type PolicyProcess = {
  process: ChildProcess;
  /** The body served for a host now; undefined when there is no answer. */
  fetchBody(policyHost: string): Promise<string | undefined>;
  stop(): Promise<void>;
};

/** Starts a policy server; resolves when it says that it is ready. */
export async function startPolicyProcess(env: {
  DATABASE_URL: string;
  SECRET_KEYS: string;
  STATE_DIR: string;
}): Promise<PolicyProcess> {
  const port = await findPort(0, "127.0.0.1");
  const child = spawn(process.execPath, [POLICY_SERVER], {
    env: {
      ...process.env,
      ...env,
      BIND_ADDRESS: "127.0.0.1",
      POLICY_HTTPS_PORT: String(port),
      POLICY_HTTP_PORT: "0",
      HEALTH_PORT: "0",
      LOG_LEVEL: "warn",
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = once(child, "exit").then(() => {
    throw new Error("the policy server ended at once");
  });
  await Promise.race([once(child, "message"), ended]);
  ended.catch(() => undefined);
  const agent = new Agent({ keepAlive: true });
  return {
    process: child,
    fetchBody: (policyHost) => fetchBody({ agent, port, policyHost }),
    stop: async () => {
      agent.destroy();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
      await exit;
      clearTimeout(timer);
    },
  };
}

function fetchBody({
  agent,
  port,
  policyHost,
}: {
  agent: Agent;
  port: number;
  policyHost: string;
}): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request(
      {
        agent,
        port,
        host: "127.0.0.1",
        servername: policyHost,
        path: "/.well-known/mta-sts.txt",
        headers: { Host: policyHost },
        rejectUnauthorized: false,
        timeout: 5_000,
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => {
          body += text;
        });
        response.on("end", () => resolve(response.statusCode === 200 ? body : undefined));
        response.on("error", () => resolve(undefined));
      },
    );
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(undefined));
    asked.end();
  });
}
