import type { ServedCertificate } from "@waxseal/core/serving";
import { LRUCache } from "lru-cache";

/** Certificates as they came from the database, keys sealed: what contexts are built from, also without the database. */
export type CertificateShelf = {
  find(host: string, now: Date): ShelvedCertificate | undefined;
  put(certificate: ServedCertificate): ShelvedCertificate;
  remove(host: string): void;
  size(): number;
  isFull(): boolean;
  /** Least recently asked for first, so that putting them back in this order keeps the order. */
  entries(): Generator<ServedCertificate>;
};

/** `issuersPem` is one text for all that have the same issuers. */
export type ShelvedCertificate = { leafPem: string; issuersPem: string; keyJwe: string; notAfterMs: number };

const LEAF_END = "-----END CERTIFICATE-----";

/**
 * A bounded shelf: beyond `max` hosts the least recently asked for is forgotten. One host takes about 2 kB: chains
 * share the text of their issuers.
 */
export function createCertificateShelf(max: number): CertificateShelf {
  const entries = new LRUCache<string, ShelvedCertificate>({ max });
  const issuers = new Map<string, string>();
  const intern = (text: string) => {
    if (issuers.size > 1_000) issuers.clear();
    const known = issuers.get(text);
    if (known === undefined) issuers.set(text, text);
    return known ?? text;
  };
  return {
    find: (host, now) => {
      const entry = entries.get(host);
      if (!entry) return undefined;
      if (entry.notAfterMs > now.getTime()) return entry;
      entries.delete(host);
      return undefined;
    },
    put: ({ host, chainPem, keyJwe, notAfter }) => {
      const leafEnd = chainPem.indexOf(LEAF_END) + LEAF_END.length;
      // Through a buffer: a slice of a string would keep the whole string.
      const leafPem = Buffer.from(chainPem.slice(0, leafEnd), "latin1").toString("latin1");
      const issuersPem = intern(chainPem.slice(leafEnd));
      const entry = { leafPem, issuersPem, keyJwe, notAfterMs: notAfter.getTime() };
      entries.set(host, entry);
      return entry;
    },
    remove: (host) => void entries.delete(host),
    size: () => entries.size,
    isFull: () => entries.size >= max,
    *entries() {
      for (const host of entries.rkeys()) {
        const entry = entries.peek(host);
        if (entry) yield asCertificate(host, entry);
      }
    },
  };
}

function asCertificate(
  host: string,
  { leafPem, issuersPem, keyJwe, notAfterMs }: ShelvedCertificate,
): ServedCertificate {
  return { host, chainPem: leafPem + issuersPem, keyJwe, notAfter: new Date(notAfterMs) };
}
