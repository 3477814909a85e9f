import type { SecureContext } from "node:tls";
import type { SecretBox } from "@waxseal/core";
import type { ServedCertificate } from "@waxseal/core/serving";
import { LRUCache } from "lru-cache";
import { type BuiltContext, buildContext } from "./build-context.ts";
import type { CertificateShelf } from "./create-certificate-shelf.ts";

/** Why there is no context for a host. */
export type NoContext = "no-certificate" | "unavailable";

/** TLS contexts by host, built when first asked for. */
export type ContextCache = {
  /** The context at hand, when it was built before. */
  peek(host: string): SecureContext | undefined;
  /** Builds it; one load per host at a time, and never longer than a second. Never throws. */
  load(host: string): Promise<SecureContext | NoContext>;
  /** After the certificate of a host changed. */
  forget(host: string): void;
  size(): number;
};

type Deps = {
  shelf: CertificateShelf;
  secretBox: SecretBox;
  now(): Date;
  /** Asks the database for several hosts at once. */
  findCertificates(hosts: readonly string[]): Promise<ServedCertificate[]>;
  /** A certificate that came from the database. */
  onLoaded(certificate: ServedCertificate): void;
  onError(host: string, error: unknown): void;
  /** How many contexts are kept; one takes about 40 kB. */
  maxContexts: number;
};

type CachedContext = { built: BuiltContext; notAfterMs: number };

/** Below the second in which every answer has to be out, with time left for the handshake. */
const LOAD_DEADLINE_MS = 800;
/** A certificate that comes into being is announced; this is for when the announcement is lost. */
const ABSENT_MS = 10_000;
/** While the database is away, one question in this time tells whether it is back. */
const UNAVAILABLE_MS = 500;
const HOSTS_PER_QUERY = 100;

/**
 * A cache of contexts over a shelf of certificates over the database.
 *
 * Only ask for hosts of the policy map: that is what bounds the memory of hosts without a certificate.
 */
export function createContextCache(deps: Deps): ContextCache {
  const contexts = new LRUCache<string, CachedContext>({ max: deps.maxContexts });
  const absentUntilMs = new Map<string, number>();
  const loading = new Map<string, Promise<SecureContext | NoContext>>();
  let unavailableUntilMs = 0;
  const findCertificate = batchLookUps((hosts) => deps.findCertificates(hosts));

  /**
   * When the cache is full: the context that has to go anyway. Not from a small cache, where it could be one that was
   * built a moment ago and that a handshake is about to take.
   */
  function takeSpare(): BuiltContext | undefined {
    const hasOldOnes = deps.maxContexts >= HOSTS_PER_QUERY * 2 && contexts.size >= deps.maxContexts;
    return hasOldOnes ? contexts.pop()?.built : undefined;
  }

  async function fetchCertificate(host: string): Promise<ServedCertificate | NoContext> {
    const nowMs = deps.now().getTime();
    if ((absentUntilMs.get(host) ?? 0) > nowMs) return "no-certificate";
    if (unavailableUntilMs > nowMs) return "unavailable";
    try {
      const certificate = await withDeadline(findCertificate(host), LOAD_DEADLINE_MS);
      if (certificate) {
        deps.shelf.put(certificate);
        deps.onLoaded(certificate);
        return certificate;
      }
      absentUntilMs.set(host, nowMs + ABSENT_MS);
      return "no-certificate";
    } catch (error) {
      unavailableUntilMs = deps.now().getTime() + UNAVAILABLE_MS;
      deps.onError(host, error);
      return "unavailable";
    }
  }

  async function load(host: string): Promise<SecureContext | NoContext> {
    const certificate = deps.shelf.find(host, deps.now()) ?? (await fetchCertificate(host));
    if (typeof certificate === "string") return certificate;
    try {
      const key = deps.secretBox.openSync(certificate.keyJwe);
      const built = buildContext({ key, chainPem: certificate.chainPem }, takeSpare());
      contexts.set(host, { built, notAfterMs: certificate.notAfter.getTime() });
      return built.context;
    } catch (error) {
      absentUntilMs.set(host, deps.now().getTime() + ABSENT_MS);
      deps.shelf.remove(host);
      deps.onError(host, error);
      return "no-certificate";
    }
  }

  return {
    peek: (host) => {
      const cached = contexts.get(host);
      if (!cached) return undefined;
      if (cached.notAfterMs > deps.now().getTime()) return cached.built.context;
      contexts.delete(host);
      return undefined;
    },
    load: (host) => {
      const underWay = loading.get(host);
      if (underWay) return underWay;
      const load_ = load(host).finally(() => loading.delete(host));
      loading.set(host, load_);
      return load_;
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

async function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not loaded within ${deadlineMs} ms`)), deadlineMs);
  });
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}
