import type { ServedCertificate } from "@waxseal/core/serving";

/** A certificate with its key open, PEM: what a handshake needs. */
export type OpenCertificate = {
  leafPem: string;
  /** The certificates after the leaf: one text for all that have the same issuers. */
  issuersPem: string;
  /** PKCS #8. */
  keyPem: string;
  notAfterMs: number;
};

/** A certificate on the shelf. */
export type ShelvedCertificate = OpenCertificate & {
  /**
   * The most asks, of whatever host, from one of its last two to the next, now included; {@link NEVER} until it was asked for three
   * times. Small for a host that is asked for again and again, not for one that came twice by chance.
   */
  asksBetween: number;
};

/** More than any bound that is compared with it, and small enough to take no memory of its own. */
const NEVER = 2 ** 30 - 1;

/** Certificates that contexts are built from, also without the database. */
export type CertificateShelf = {
  find(host: string, now: Date): ShelvedCertificate | undefined;
  /** One that `find` does not return any more because it has expired. */
  findExpired(host: string): ShelvedCertificate | undefined;
  put(host: string, certificate: OpenCertificate): void;
  remove(host: string): void;
  size(): number;
  isFull(): boolean;
  entries(): Generator<[host: string, OpenCertificate]>;
};

type Entry = ShelvedCertificate & { askedAt: number; asksBefore: number; wasAsked: boolean };

const LEAF_END = "-----END CERTIFICATE-----";

/** @throws Error when the key does not open */
export function openCertificate(
  { chainPem, keyJwe, notAfter }: ServedCertificate,
  openKey: (jwe: string) => string,
): OpenCertificate {
  const leafEnd = chainPem.indexOf(LEAF_END) + LEAF_END.length;
  return {
    leafPem: `${chainPem.slice(0, leafEnd)}\n`,
    issuersPem: chainPem.slice(leafEnd).trimStart(),
    keyPem: openKey(keyJwe),
    notAfterMs: notAfter.getTime(),
  };
}

/**
 * A bounded shelf: beyond `max` hosts it evicts one that was not used recently. One host takes about 1.7 kB.
 *
 * Hosts are in a circle; one that was asked for since the hand last passed it is passed by once more. That costs a look-up
 * nothing, where a list in order of use moves its entries about in memory.
 */
export function createCertificateShelf(max: number): CertificateShelf {
  const entries = new Map<string, Entry>();
  const issuers = new Map<string, string>();
  let asks = 0;
  const intern = (text: string) => {
    if (issuers.size > 1_000) issuers.clear();
    const known = issuers.get(text);
    if (known === undefined) issuers.set(text, text);
    return known ?? text;
  };

  function makeRoom(): void {
    // Maps iterate in order of insertion, also what is inserted meanwhile: the second round finds one for certain.
    for (const [host, entry] of entries) {
      entries.delete(host);
      if (!entry.wasAsked) return;
      entry.wasAsked = false;
      entries.set(host, entry);
    }
  }

  return {
    find: (host, now) => {
      const entry = entries.get(host);
      if (!entry) return undefined;
      if (entry.notAfterMs <= now.getTime()) return undefined;
      asks += 1;
      const asksSince = entry.askedAt === 0 ? NEVER : asks - entry.askedAt;
      entry.asksBetween = Math.max(asksSince, entry.asksBefore);
      entry.asksBefore = asksSince;
      entry.askedAt = asks;
      entry.wasAsked = true;
      return entry;
    },
    findExpired: (host) => entries.get(host),
    put: (host, { leafPem, issuersPem, keyPem, notAfterMs }) => {
      const known = entries.get(host);
      if (!known && entries.size >= max) makeRoom();
      entries.set(host, {
        leafPem: copyText(leafPem),
        keyPem: copyText(keyPem),
        issuersPem: intern(issuersPem),
        notAfterMs,
        asksBetween: NEVER,
        asksBefore: known?.asksBefore ?? NEVER,
        askedAt: known?.askedAt ?? 0,
        wasAsked: known?.wasAsked ?? false,
      });
    },
    remove: (host) => void entries.delete(host),
    size: () => entries.size,
    isFull: () => entries.size >= max,
    *entries() {
      yield* entries;
    },
  };
}

/** A slice of a text keeps the whole text in memory, and joined texts keep their parts. */
function copyText(pem: string): string {
  return Buffer.from(pem, "latin1").toString("latin1");
}
