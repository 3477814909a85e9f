import { createServer } from "node:http";
import type { Registry } from "prom-client";

type Options = {
  /** 0: nothing is started. */
  port: number;
  bindAddress: string;
  registry: Registry;
  /** Name of each need and whether it is met; all must be for /readyz to answer 200. */
  needs(): Promise<Record<string, boolean>> | Record<string, boolean>;
  /** Further facts for /readyz that do not decide about it. */
  details?: () => Record<string, unknown>;
};

/**
 * Serves `GET /healthz` (the process runs), `/readyz` (its needs are met) and `/metrics` (Prometheus).
 * Returns a function that closes it.
 */
export async function startHealthServer(options: Options): Promise<() => Promise<void>> {
  if (options.port === 0) return async () => undefined;
  const server = createServer(async (request, response) => {
    const answer = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type }).end(body);
    try {
      if (request.url === "/healthz") return answer(200, "application/json", '{"status":"ok"}');
      if (request.url === "/readyz") {
        const needs = await options.needs();
        const ready = Object.values(needs).every(Boolean);
        return answer(
          ready ? 200 : 503,
          "application/json",
          JSON.stringify({ ready, needs, ...options.details?.() }),
        );
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
