import { describeClock } from "@waxseal/core/operating";
import type { ServiceClock } from "@waxseal/runtime";
import type { FastifyPluginAsync } from "fastify";
import type { Registry } from "prom-client";

type Deps = {
  registry: Registry;
  clock: ServiceClock;
  /** Whether the database answers. */
  isDatabaseUp(): Promise<boolean>;
};

/** `/healthz` (the process runs), `/readyz` (its needs are met) and `/metrics` (Prometheus). */
export function healthRoutes(deps: Deps): FastifyPluginAsync {
  const schema = { hide: true };
  return async (app) => {
    app.get("/healthz", { schema }, async () => ({ status: "ok" }));
    app.get("/readyz", { schema }, async (_request, reply) => {
      const needs = { database: await deps.isDatabaseUp(), clock: deps.clock.state() !== "wrong" };
      const ready = needs.database && needs.clock;
      return reply.code(ready ? 200 : 503).send({ ready, needs, clock: describeClock(deps.clock) });
    });
    app.get("/metrics", { schema }, async (_request, reply) =>
      reply.header("content-type", deps.registry.contentType).send(await deps.registry.metrics()),
    );
  };
}
