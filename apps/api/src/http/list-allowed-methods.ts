import type { FastifyInstance } from "fastify";

/** Says which methods an address has; empty for one that is no route. */
export type AllowedMethods = (path: string) => string[];

/** Follows the routes that are added from now on. */
export function followRoutes(app: FastifyInstance): AllowedMethods {
  const routes: { pattern: RegExp; methods: readonly string[] }[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    // Files of the dashboard.
    if (url.includes("*")) return;
    const pattern = new RegExp(`^${url.replaceAll(/:[A-Za-z]+/g, "[^/]+")}$`);
    routes.push({ pattern, methods: [method].flat() });
  });
  return (path) => {
    const found = routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
    return [...new Set(found)].filter((method) => method !== "OPTIONS").sort();
  };
}
