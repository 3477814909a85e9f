import { createServer } from "node:http";
import { Gauge, type Registry } from "prom-client";
import { readVersion } from "./read-version.ts";

type Options = {
  /** 0: nothing is started. */
  port: number;
  bindAddress: string;
  registry: Registry;
  /** Name of each need and whether it is met, or why not, in words; all must be met for /readyz to answer 200. */
  needs(): Promise<Record<string, boolean | string>> | Record<string, boolean | string>;
  /** Whether the process is about to stop: fronts are to send nothing new. */
  isStopping?: (() => boolean) | undefined;
  /** Further facts for /readyz that do not decide about it. */
  details?: () => Record<string, unknown>;
};

/**
 * Serves `GET /healthz` (the process runs), `/readyz` (its needs are met) and `/metrics` (Prometheus).
 * Returns a function that closes it.
 */
export async function startHealthServer(options: Options): Promise<() => Promise<void>> {
  if (options.port === 0) return async () => undefined;
  const readState = async () =>
    judgeNeeds({
      ...(await options.needs()),
      ...(options.isStopping?.() && { running: "The process is about to stop." }),
    });
  new Gauge({
    name: "waxseal_ready",
    help: "1 while this process is able to do its job, 0 while it is not; /readyz says why",
    registers: [options.registry],
    async collect() {
      this.set(
        await readState().then(
          ({ ready }) => (ready ? 1 : 0),
          () => 0,
        ),
      );
    },
  });
  const health = JSON.stringify({ status: "ok", version: readVersion() });
  const server = createServer(async (request, response) => {
    const answer = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type }).end(body);
    try {
      if (request.url === "/healthz") return answer(200, "application/json", health);
      if (request.url === "/readyz") {
        const { ready, ...state } = await readState();
        const body = JSON.stringify({ ready, ...state, ...options.details?.() });
        return answer(ready ? 200 : 503, "application/json", body);
      }
      if (request.url === "/metrics")
        return answer(200, options.registry.contentType, await options.registry.metrics());
      return answer(404, "application/json", '{"status":"not found"}');
    } catch {
      return answer(503, "application/json", '{"ready":false}');
    }
  });
  server.requestTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.bindAddress, resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

/** `needs` as booleans, and the reasons of those that are not met. */
function judgeNeeds(needs: Record<string, boolean | string>) {
  const entries = Object.entries(needs);
  const reasons = entries.filter(([, met]) => typeof met === "string");
  return {
    ready: entries.every(([, met]) => met === true),
    needs: Object.fromEntries(entries.map(([name, met]) => [name, met === true])),
    ...(reasons.length > 0 && { reasons: Object.fromEntries(reasons) }),
  };
}
