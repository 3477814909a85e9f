import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { sendNotFound } from "./answer-errors.ts";
import type { AllowedMethods } from "./list-allowed-methods.ts";

const NOT_BUILT = "The dashboard has not been built yet: run `npm run build`, then start the API again.\n";

/**
 * Serves the built dashboard; every page address that is no file gets its index.html, since pages are routed in the browser.
 * Without a build pages answer 503 and one sentence. What is under `/api/` is never a page.
 */
export async function serveDashboard(
  app: FastifyInstance,
  distDir: string,
  allowedMethods: AllowedMethods,
): Promise<void> {
  const isBuilt = existsSync(join(distDir, "index.html"));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: distDir,
      // A build may put app.js.br and app.js.gz beside app.js.
      preCompressed: true,
      setHeaders: (response, path) => {
        // Names under assets/ carry a hash of their content; index.html names them.
        const isHashed = path.includes(`${distDir}/assets/`);
        response.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const isPage = request.method === "GET" || request.method === "HEAD";
    const wantsHtml = (request.headers.accept ?? "").includes("text/html");
    if (!isPage || !wantsHtml || /^\/api(?:\/|$|\?)/.test(request.url))
      return sendNotFound(request, reply, allowedMethods(request.url.split("?", 1)[0] ?? ""));
    if (!isBuilt) return reply.code(503).type("text/plain; charset=utf-8").send(NOT_BUILT);
    // Search engines must not list pages behind a secret link.
    if (/^\/(?:setup|instructions)\//.test(request.url)) reply.header("x-robots-tag", "noindex, nofollow");
    return reply.header("cache-control", "no-cache").sendFile("index.html");
  });
}
