import { AppError, type ContextSource } from "@waxseal/core";
import { findOwnHost, isInFamily, type OwnHost } from "@waxseal/core/brand";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** How long what is known of a host is believed: a host that is given up is answered no longer than this. */
const KNOWN_MS = 5_000;
const MAX_KNOWN = 1_000;

/** What is open on a host of an account: pages behind links, and what they ask for. Everything else is on our own site. */
const OPEN_PATHS = [
  /^\/(?:instructions|setup)\/[\w-]{1,100}$/,
  /^\/api\/v1\/(?:shared-instructions|shared)\/[\w-]{1,100}(?:\/(?:export|logo|live))?$/,
  /^\/api\/v1\/info$/,
  /^\/assets\/[\w.-]+$/,
  /^\/(?:seal\.svg|color-scheme\.js|service-worker\.js|offline\.html|robots\.txt|favicon\.ico)$/,
];

const sites = new WeakMap<FastifyRequest, OwnHost>();

/** The account on whose own host a request came; undefined: on ours. */
export function siteOf(request: FastifyRequest): OwnHost | undefined {
  return sites.get(request);
}

/** Throws when an account's object is asked for on the host of another provider, as for one that does not exist. @throws AppError `not_found` */
export async function refuseForeignSite(
  { db }: ContextSource,
  request: FastifyRequest,
  accountId: string,
): Promise<void> {
  const site = siteOf(request);
  if (site && !(await isInFamily(db, accountId, site.accountId)))
    throw new AppError("not_found", "There is no such link.");
}

/**
 * Knows on whose host each request came, by its Host header alone, and confines those on a host of an account to pages that need no session:
 * cookies and keys are for our own site only. Pages lead there; anything else is not found. A host that no account holds is ours.
 */
export function confineOwnHosts(
  app: FastifyInstance,
  { source, publicUrl }: { source: ContextSource; publicUrl: string },
): void {
  const ours = new URL(publicUrl);
  const known = new Map<string, { site: OwnHost | undefined; until: number }>();
  const find = async (host: string): Promise<OwnHost | undefined> => {
    const kept = known.get(host);
    if (kept && kept.until > performance.now()) return kept.site;
    const site = await findOwnHost(source.db, host);
    // Made-up names must not fill the memory.
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(host, { site, until: performance.now() + KNOWN_MS });
    return site;
  };
  app.addHook("onRequest", async (request, reply) => {
    const host = readHost(request.headers.host);
    if (host === undefined || host === ours.hostname) return;
    const site = await find(host);
    if (!site) return;
    sites.set(request, site);
    reply.header("vary", "host");
    const path = request.url.split("?", 1)[0] ?? "";
    if (OPEN_PATHS.some((open) => open.test(path))) return;
    const isPage = ["GET", "HEAD"].includes(request.method) && !path.startsWith("/api/");
    if (!isPage) throw new AppError("not_found", `This is answered at ${ours.origin} only.`);
    return reply.header("cache-control", "no-store").redirect(ours.origin + withOneSlash(request.url), 302);
  });
}

/** A host as it is kept, without port; undefined for what no account can hold: addresses, single labels, and what is no name at all. */
function readHost(header: string | undefined): string | undefined {
  const [, host] = /^([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)\.?(?::\d{1,5})?$/i.exec(header ?? "") ?? [];
  if (host === undefined || host.length > 253 || /\.\d+$/.test(host)) return undefined;
  return host.toLowerCase();
}

function withOneSlash(url: string): string {
  return url.startsWith("/") ? url : "/";
}
