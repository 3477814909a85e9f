import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { request } from "node:https";
import { fileURLToPath } from "node:url";
import { findFreePort } from "@waxseal/runtime/find-free-port";

export const REPORTS_DOMAIN = "reports.example.net";

/** The report ingest as a process of its own, on ports that stay the same when it is started again. */
export type ForkedIngest = {
  smtpPort: number;
  httpsPort: number;
  /** Starts it, and resolves when it is ready. */
  start(): Promise<void>;
  /** As `kill -9`. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/** Prepares, but does not start it. */
export async function forkIngest(
  { databaseUrl, reportsDatabaseUrl }: { databaseUrl: string; reportsDatabaseUrl?: string },
  { limits }: { limits: "roomy" | "default" } = { limits: "roomy" },
): Promise<ForkedIngest> {
  const main = fileURLToPath(
    new URL(limits === "roomy" ? "./roomy-ingest-main.ts" : "../src/main.ts", import.meta.url),
  );
  const [smtpPort, httpsPort] = [await findFreePort(), await findFreePort()];
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  return {
    smtpPort,
    httpsPort,
    start: async () => {
      child = fork(main, {
        env: {
          ...process.env,
          DATABASE_URL: databaseUrl,
          REPORTS_DATABASE_URL: reportsDatabaseUrl,
          SECRET_KEYS: `k1:${randomBytes(32).toString("base64url")}`,
          REPORTS_DOMAIN,
          DNS_RESOLVERS: "127.0.0.1:1",
          INGEST_SMTP_PORT: String(smtpPort),
          INGEST_HTTPS_PORT: String(httpsPort),
          LOG_LEVEL: "silent",
        },
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const ended = once(child, "exit").then((status) => [{ ended: status }]);
      const [message] = await Promise.race([once(child, "message"), ended]);
      if (!message?.ready) throw new Error(`did not start: ${JSON.stringify(message)}`);
    },
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

/** Posts a report; resolves with the status, 0 when the connection failed. */
export function postReport(port: number, token: string, body: Buffer, from = "127.0.0.1"): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(
      {
        host: "127.0.0.1",
        localAddress: from,
        port,
        method: "POST",
        path: `/v1/tlsrpt/${token}`,
        headers: { "content-type": "application/tlsrpt+gzip" },
        rejectUnauthorized: false,
        agent: false,
      },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    sent.on("error", () => resolve(0));
    sent.end(body);
  });
}
