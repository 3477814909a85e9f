import type { FastifyInstance } from "fastify";

/**
 * Reads JSON bodies; an empty one is none, whatever its type: clients that set the type on every request may still send a DELETE.
 */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, body, done) =>
    body.trim() === "" ? done(null, undefined) : parse(request, body, done),
  );
}
