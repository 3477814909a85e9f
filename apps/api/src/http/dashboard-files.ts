import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { findFamilyBrand, presentSite } from "@waxseal/core/brand";
import type { Database } from "@waxseal/db";
import type { FastifyInstance } from "fastify";
import { sendNotFound } from "./answer-errors.ts";
import type { AllowedMethods } from "./list-allowed-methods.ts";
import { siteOf } from "./own-hosts.ts";

const NOT_BUILT = "The dashboard has not been built yet: run `npm run build`, then start the API again.\n";

/**
 * Serves the built dashboard; every page address that is no file gets its index.html, since pages are routed in the browser.
 * Without a build pages answer 503 and one sentence. What is under `/api/` is never a page.
 */
export async function serveDashboard(
  app: FastifyInstance,
  { distDir, allowedMethods, db }: { distDir: string; allowedMethods: AllowedMethods; db: Database },
): Promise<void> {
  const isBuilt = existsSync(join(distDir, "index.html"));
  const index = isBuilt ? readFileSync(join(distDir, "index.html"), "utf8") : "";
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
    const site = siteOf(request);
    if (!site) return reply.header("cache-control", "no-cache").sendFile("index.html");
    const brand = presentSite(await findFamilyBrand(db, site.accountId));
    return reply
      .header("cache-control", "no-store")
      .type("text/html; charset=utf-8")
      .send(nameSite(index, brand));
  });
}

/** The page with the brand of its host, which scripts read before they draw anything. */
function nameSite(index: string, brand: { name: string }): string {
  const name = escapeHtml(brand.name);
  const meta = `<meta name="waxseal-site" content="${escapeHtml(JSON.stringify(brand))}">`;
  return index.replace(/<title>[^<]*<\/title>/, () => `<title>${name}</title>${meta}`);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
