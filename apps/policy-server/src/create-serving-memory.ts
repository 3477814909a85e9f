import {
  findServedCertificates,
  findServedPolicies,
  listChallenges,
  listServedCertificates,
  listServedPolicies,
  type ServedCertificate,
  type ServedChallenge,
  type TakeEffect,
} from "@waxseal/core/serving";
import { ownerName } from "@waxseal/core/setup-names";
import type { ServingChange } from "@waxseal/db";
import type { SqlDatabase } from "@waxseal/db/sql";
import { createCertificateShelf, type OpenCertificate, openCertificate } from "./create-certificate-shelf.ts";
import { createPolicyMap, type PolicyEntry, policyEntry } from "./create-policy-map.ts";
import type { StateEntry } from "./open-state-log.ts";

type Deps = {
  db: SqlDatabase;
  /** @throws Error when it is not under one of our keys */
  openKey(jwe: string): string;
  now(): Date;
  maxCertificates: number;
  /** What has just taken effect. */
  onChanged(entries: StateEntry[]): void;
  /** The certificate of a host may be another now. */
  onCertificateChanged(host: string): void;
  /** Number of certificates whose keys could not be decrypted; `error` is that of the last one. */
  onUnreadable(certificates: number, error: unknown): void;
  /** Everything was replaced. */
  onReplaced(): void;
};

type HostCertificate = [host: string, certificate: OpenCertificate];
type CertificatesEntry = Extract<StateEntry, { kind: "open-certificates" }>;

const PAGE = 5_000;
/** Small pages: they are read while answers are given. */
const CERTIFICATES_PAGE = 500;
/** Lines below 128 kB: longer strings are never moved, and so stay until a garbage collection of everything. */
const ENTRIES_PER_LINE = 50;

/** Until then on this process' own clock, which does not jump. */
type OpenChallenge = ServedChallenge & { untilMs: number };

function asOpen(challenges: readonly ServedChallenge[]): Map<string, OpenChallenge> {
  const nowMs = performance.now();
  return new Map(challenges.map((one) => [one.token, { ...one, untilMs: nowMs + one.leftMs }]));
}

/** Memory that is empty at first; every read returns what puts it in force. */
export function createServingMemory(deps: Deps) {
  const { db, now } = deps;
  const policies = createPolicyMap();
  const shelf = createCertificateShelf(deps.maxCertificates);
  let challenges = new Map<string, OpenChallenge>();
  /** Hosts whose newest certificate is under a key we do not have. */
  const unreadableHosts = new Set<string>();

  function takeCertificates(found: readonly ServedCertificate[]): HostCertificate[] {
    const taken: HostCertificate[] = [];
    let unreadable: unknown;
    for (const certificate of found) {
      const { host } = certificate;
      try {
        const opened = openCertificate(certificate, deps.openKey);
        shelf.put(host, opened);
        unreadableHosts.delete(host);
        taken.push([host, opened]);
        deps.onCertificateChanged(host);
      } catch (error) {
        unreadable = error;
        if (unreadableHosts.size < deps.maxCertificates) unreadableHosts.add(host);
      }
    }
    if (taken.length < found.length) deps.onUnreadable(found.length - taken.length, unreadable);
    return taken;
  }

  async function readAll(): Promise<TakeEffect> {
    const entries: PolicyEntry[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const page: Awaited<ReturnType<typeof listServedPolicies>> = await listServedPolicies(db, {
        cursor,
        limit: PAGE,
      });
      for (const policy of page.items) entries.push(policyEntry(policy));
      cursor = page.nextCursor;
    }
    const open = asOpen(await listChallenges(db));
    return () => {
      policies.replaceAll(entries);
      for (const host of unreadableHosts) if (!policies.has(host)) unreadableHosts.delete(host);
      challenges = open;
      deps.onReplaced();
    };
  }

  async function readChanged(changes: readonly ServingChange[]): Promise<TakeEffect> {
    const keysOf = (kind: ServingChange["kind"]) => [
      ...new Set(changes.filter((change) => change.kind === kind).map((change) => change.key)),
    ];
    const domains = keysOf("policy");
    const served = (await findServedPolicies(db, domains)).map(policyEntry);
    const found = new Map(served.map((entry) => [entry[0], entry]));
    const hosts = keysOf("certificate");
    const certificates = await findServedCertificates(db, hosts, now());
    const open = keysOf("challenge").length > 0 ? asOpen(await listChallenges(db)) : undefined;
    return () => {
      const items = domains.map((domain): [string, string | null, number] => {
        const policyHost = ownerName("policyHost", domain);
        const [, body, version = 0] = found.get(policyHost) ?? [];
        policies.set(policyHost, body, version);
        if (body === undefined) unreadableHosts.delete(policyHost);
        return [policyHost, body ?? null, version];
      });
      for (const host of hosts) deps.onCertificateChanged(host);
      const taken = takeCertificates(certificates);
      if (open) challenges = open;
      deps.onChanged([
        ...(items.length > 0 ? [{ kind: "policies" as const, items }] : []),
        ...(taken.length > 0 ? [asCertificatesEntry(taken)] : []),
      ]);
    };
  }

  /** Takes certificates of names that no client has asked for yet, so that they are there when the database is not. */
  async function prefetchCertificates(isStopped: () => boolean): Promise<void> {
    for (let cursor: string | undefined = ""; cursor !== undefined && !shelf.isFull() && !isStopped(); ) {
      const page: Awaited<ReturnType<typeof listServedCertificates>> = await listServedCertificates(db, {
        cursor,
        limit: CERTIFICATES_PAGE,
        now: now(),
      });
      takeCertificates(page.items.filter(({ host }) => policies.has(host)));
      cursor = page.nextCursor;
    }
  }

  return {
    policies,
    shelf,
    readAll,
    readChanged,
    prefetchCertificates,
    unreadableCertificates: () => unreadableHosts.size,
    keyAuthorizationOf: (token: string): string | undefined => {
      const challenge = challenges.get(token);
      return challenge && performance.now() < challenge.untilMs ? challenge.keyAuthorization : undefined;
    },
    /** Puts what was kept on disk in force. */
    restore: (entry: StateEntry): void => {
      if (entry.kind === "policies") {
        for (const [policyHost, body, version = 0] of entry.items) {
          policies.set(policyHost, body ?? undefined, version);
        }
      } else if (entry.kind === "open-certificates") {
        for (const [host, leafPem, issuers, keyPem, notAfterMs] of entry.items) {
          shelf.put(host, { leafPem, issuersPem: entry.issuers[issuers] ?? "", keyPem, notAfterMs });
        }
      }
    },
    *snapshot(): Generator<StateEntry> {
      for (const items of inChunks(policies.entries())) yield { kind: "policies", items };
      for (const items of inChunks(shelf.entries())) yield asCertificatesEntry(items);
    },
  };
}

/** Certificates as one line of the state log. */
export function asCertificatesEntry(certificates: readonly HostCertificate[]): StateEntry {
  const issuers: string[] = [];
  const items = certificates.map(
    ([host, { leafPem, issuersPem, keyPem, notAfterMs }]): CertificatesEntry["items"][number] => {
      const known = issuers.indexOf(issuersPem);
      const index = known < 0 ? issuers.push(issuersPem) - 1 : known;
      return [host, leafPem, index, keyPem, notAfterMs];
    },
  );
  return { kind: "open-certificates", issuers, items };
}

function* inChunks<T>(items: Iterable<T>): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length === ENTRIES_PER_LINE) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
