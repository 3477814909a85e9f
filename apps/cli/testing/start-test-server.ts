import { fork } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findFreePort } from "@waxseal/runtime/find-free-port";

const API = fileURLToPath(new URL("../../api/src/main.ts", import.meta.url));

/** As of the end-to-end tests: the same TypeScript compiled already saves a third of the start. */
const COMPILE_CACHE = join(tmpdir(), `waxseal-compile-cache-${process.getuid?.() ?? 0}`);

/** The API as a process of its own, on a database of a test. */
export type TestServer = { url: string; stop(): Promise<void> };

/** Starts the API with settings, on a free port; another process may take that first, so that it tries three. */
export async function startTestServer(settings: NodeJS.ProcessEnv): Promise<TestServer> {
  for (let tries = 1; ; tries++) {
    const port = await findFreePort();
    const env = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      LOG_LEVEL: "silent",
      ...settings,
      PORT: String(port),
      HEALTH_PORT: "0",
    };
    const server = fork(API, { env, stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const [message] = await Promise.race([once(server, "message"), once(server, "exit")]);
    if (Object(message).ready === true) {
      return {
        url: `http://127.0.0.1:${port}`,
        stop: async () => {
          const ended = once(server, "exit");
          server.kill("SIGKILL");
          await ended;
        },
      };
    }
    server.kill("SIGKILL");
    if (tries === 3) throw new Error(`the API does not start: ${Object(message).failed}`);
  }
}
