import type { FastifyPluginAsync } from "fastify";
import type { Registry } from "prom-client";

type Deps = {
  registry: Registry;
  /** Whether the database answers. */
  isDatabaseUp(): Promise<boolean>;
};

/** `/healthz` (the process runs), `/readyz` (its needs are met) and `/metrics` (Prometheus). */
export function healthRoutes(deps: Deps): FastifyPluginAsync {
  const schema = { hide: true };
  return async (app) => {
    app.get("/healthz", { schema }, async () => ({ status: "ok" }));
    app.get("/readyz", { schema }, async (_request, reply) => {
      const database = await deps.isDatabaseUp();
      return reply.code(database ? 200 : 503).send({ ready: database, needs: { database } });
    });
    app.get("/metrics", { schema }, async (_request, reply) =>
      reply.header("content-type", deps.registry.contentType).send(await deps.registry.metrics()),
    );
  };
}
