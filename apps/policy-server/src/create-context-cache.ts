import type { SecureContext } from "node:tls";
import type { SecretBox } from "@waxseal/core/secret-box";
import type { ServedCertificate } from "@waxseal/core/serving";
import { withDeadline } from "@waxseal/runtime/with-deadline";
import { LRUCache } from "lru-cache";
import {
  type CertificateShelf,
  type OpenCertificate,
  openCertificate,
  type ShelvedCertificate,
} from "./create-certificate-shelf.ts";
import { buildContext, createSharedContexts } from "./create-shared-contexts.ts";

/** Why there is no context for a host. */
export type NoContext = "no-certificate" | "unavailable";

/** TLS contexts by host. */
export type ContextCache = {
  /**
   * Calls `done` once: at once when the certificate is in memory, otherwise after one load per host at a time, never
   * later than within a second. A context belongs to the host only until `done` returns. Never throws.
   */
  use(host: string, done: (found: SecureContext | NoContext) => void): void;
  /** After the certificate of a host changed. */
  forget(host: string): void;
  size(): number;
};

type Deps = {
  shelf: CertificateShelf;
  secretBox: SecretBox;
  /** The time of day, by which certificates expire. */
  now(): Date;
  /** A clock that is never set, for everything that lasts a while; the process' own unless given. */
  steadyMs?(): number;
  /** Asks the database for several hosts at once. */
  findCertificates(hosts: readonly string[]): Promise<ServedCertificate[]>;
  /** A certificate that came from the database. */
  onLoaded(host: string, certificate: OpenCertificate): void;
  onError(host: string, error: unknown): void;
  /** Hosts asked for again and again that have a context of their own; one takes about 40 kB. */
  maxContexts: number;
};

type CachedContext = { context: SecureContext; notAfterMs: number };

/** Below the second in which every answer has to be out, with time left for the handshake. */
const LOAD_DEADLINE_MS = 800;
/** A certificate that comes into being is announced; this is for when the announcement is lost. */
const ABSENT_MS = 10_000;
/** While the database is away, one question in this time finds out whether it is back. */
const UNAVAILABLE_MS = 500;
const HOSTS_PER_QUERY = 100;

/**
 * A shelf of certificates over the database, and contexts made from them when a host is asked for.
 *
 * A host first uses a context shared by all hosts. The third request in a short time builds a separate context, which is kept while the host
 * is among the recently used ones. Only ask for hosts of the policy map, which bounds the memory of hosts without a certificate.
 */
export function createContextCache(deps: Deps): ContextCache {
  const contexts = new LRUCache<string, CachedContext>({ max: deps.maxContexts });
  const shared = createSharedContexts();
  const absentUntilMs = new Map<string, number>();
  const loading = new Map<string, Promise<ShelvedCertificate | NoContext>>();
  let unavailableUntilMs = Number.NEGATIVE_INFINITY;
  const steadyMs = deps.steadyMs ?? (() => performance.now());
  const findCertificate = batchLookUps((hosts) => deps.findCertificates(hosts));

  function refuse(host: string, error?: unknown): NoContext {
    absentUntilMs.set(host, steadyMs() + ABSENT_MS);
    if (error) deps.onError(host, error);
    return "no-certificate";
  }

  async function fetchCertificate(host: string): Promise<ShelvedCertificate | NoContext> {
    const nowMs = steadyMs();
    if ((absentUntilMs.get(host) ?? Number.NEGATIVE_INFINITY) > nowMs) return "no-certificate";
    if (unavailableUntilMs > nowMs) return "unavailable";
    let certificate: ServedCertificate | undefined;
    try {
      certificate = await withDeadline(findCertificate(host), LOAD_DEADLINE_MS);
    } catch (error) {
      unavailableUntilMs = steadyMs() + UNAVAILABLE_MS;
      deps.onError(host, error);
      return "unavailable";
    }
    if (!certificate) {
      deps.shelf.remove(host);
      return refuse(host);
    }
    try {
      const opened = openCertificate(certificate, deps.secretBox.openSync);
      deps.onLoaded(host, opened);
      deps.shelf.put(host, opened);
      return deps.shelf.find(host, deps.now()) ?? refuse(host);
    } catch (error) {
      return refuse(host, error);
    }
  }

  /** Never rejects. */
  function load(host: string): Promise<ShelvedCertificate | NoContext> {
    const underWay = loading.get(host);
    if (underWay) return underWay;
    const load_ = fetchCertificate(host).finally(() => loading.delete(host));
    loading.set(host, load_);
    return load_;
  }

  function findOwn(host: string, nowMs: number): SecureContext | undefined {
    const cached = contexts.get(host);
    if (!cached || cached.notAfterMs > nowMs) return cached?.context;
    contexts.delete(host);
    return undefined;
  }

  function makeContext(host: string, certificate: ShelvedCertificate): SecureContext | NoContext {
    try {
      if (certificate.asksBetween > deps.maxContexts) return shared.contextFor(certificate);
      const context = buildContext(certificate);
      contexts.set(host, { context, notAfterMs: certificate.notAfterMs });
      return context;
    } catch (error) {
      deps.shelf.remove(host);
      return refuse(host, error);
    }
  }

  return {
    use: (host, done) => {
      const now = deps.now();
      const own = findOwn(host, now.getTime());
      if (own) return done(own);
      const kept = deps.shelf.find(host, now);
      if (kept) return done(makeContext(host, kept));
      void load(host).then((found) => {
        // It is unknown whether it was replaced, and the clock that says it has expired may be the one that is wrong.
        const usable = found === "unavailable" ? (deps.shelf.findExpired(host) ?? found) : found;
        done(typeof usable === "string" ? usable : makeContext(host, usable));
      });
    },
    forget: (host) => {
      contexts.delete(host);
      absentUntilMs.delete(host);
    },
    size: () => contexts.size,
  };
}

/** One query at a time; what is asked for meanwhile goes into the next one together. */
function batchLookUps(
  findCertificates: (hosts: readonly string[]) => Promise<ServedCertificate[]>,
): (host: string) => Promise<ServedCertificate | undefined> {
  type Waiting = {
    host: string;
    resolve(found: ServedCertificate | undefined): void;
    reject(error: unknown): void;
  };
  let waiting: Waiting[] = [];
  let busy = false;

  async function run(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, HOSTS_PER_QUERY);
      waiting = waiting.slice(HOSTS_PER_QUERY);
      try {
        const found = await withDeadline(findCertificates(batch.map(({ host }) => host)), LOAD_DEADLINE_MS);
        const byHost = new Map(found.map((certificate) => [certificate.host, certificate]));
        for (const { host, resolve } of batch) resolve(byHost.get(host));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    busy = false;
  }

  return (host) =>
    new Promise((resolve, reject) => {
      waiting.push({ host, resolve, reject });
      if (!busy) void run();
    });
}
