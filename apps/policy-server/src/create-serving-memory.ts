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
import { createCertificateShelf } from "./create-certificate-shelf.ts";
import { createPolicyMap, type PolicyEntry, policyEntry } from "./create-policy-map.ts";
import type { StateEntry } from "./open-state-log.ts";

type Deps = {
  db: SqlDatabase;
  now(): Date;
  maxCertificates: number;
  /** What has just taken effect. */
  onChanged(entries: StateEntry[]): void;
  /** The certificate of a host may be another now. */
  onCertificateChanged(host: string): void;
  /** Everything was replaced. */
  onReplaced(): void;
};

const PAGE = 5_000;
/** Small pages: they are read while answers are given. */
const CERTIFICATES_PAGE = 500;
const ENTRIES_PER_LINE = 500;

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

  function takeCertificates(found: readonly ServedCertificate[]): void {
    for (const certificate of found) {
      shelf.put(certificate);
      deps.onCertificateChanged(certificate.host);
    }
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
        return [policyHost, body ?? null, version];
      });
      for (const host of hosts) deps.onCertificateChanged(host);
      takeCertificates(certificates);
      if (open) challenges = open;
      deps.onChanged([
        ...(items.length > 0 ? [{ kind: "policies" as const, items }] : []),
        ...(certificates.length > 0 ? [asCertificatesEntry(certificates)] : []),
      ]);
    };
  }

  /** Takes certificates of names nobody has asked for yet, so that they are there when the database is not. */
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
      } else if (entry.kind === "certificates") {
        for (const [host, leafPem, issuers, keyJwe, notAfterMs] of entry.items) {
          const chainPem = leafPem + (entry.issuers[issuers] ?? "");
          shelf.put({ host, chainPem, keyJwe, notAfter: new Date(notAfterMs) });
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
export function asCertificatesEntry(certificates: readonly ServedCertificate[]): StateEntry {
  const issuers: string[] = [];
  const items = certificates.map(({ host, chainPem, keyJwe, notAfter }) => {
    const leafEnd = chainPem.indexOf(END) + END.length;
    const rest = chainPem.slice(leafEnd);
    const known = issuers.indexOf(rest);
    const index = known < 0 ? issuers.push(rest) - 1 : known;
    return [host, chainPem.slice(0, leafEnd), index, keyJwe, notAfter.getTime()] as const;
  });
  return { kind: "certificates", issuers, items: items.map((item) => [...item]) };
}

const END = "-----END CERTIFICATE-----";

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
