import type { SqlDatabase } from "@waxseal/db/sql";

/** What a TLS server needs to answer for a host. */
export type ServedCertificate = {
  host: string;
  /** Leaf first, then intermediates, PEM. */
  chainPem: string;
  /** PKCS #8 PEM, sealed. */
  keyJwe: string;
  notAfter: Date;
};

// Newest = issued last. Two of one host can be issued in the same millisecond by an import: the later id wins.
//   mta-sts.example.com | 2026-03-01 | 0195…2  <- served
//   mta-sts.example.com | 2026-01-01 | 0194…1

/** The certificate to answer with for a host: the newest that has not expired; undefined when there is none. */
export async function findServedCertificate(
  db: SqlDatabase,
  host: string,
  now: Date,
): Promise<ServedCertificate | undefined> {
  const [certificate] = await findServedCertificates(db, [host], now);
  return certificate;
}

/** The same for several hosts, in no order; a host without one is left out. */
export async function findServedCertificates(
  db: SqlDatabase,
  hosts: readonly string[],
  now: Date,
): Promise<ServedCertificate[]> {
  if (hosts.length === 0) return [];
  return db.$queryRaw<ServedCertificate[]>`
    select distinct on (host) host, chain_pem as "chainPem", key_jwe as "keyJwe", not_after as "notAfter"
    from certificate
    where not_after > ${now} and host = any(${[...hosts]})
    order by host, created_at desc, id desc`;
}

/** One page of hosts with a certificate, by host, after the cursor (`""`: from the start). */
export async function listServedCertificates(
  db: SqlDatabase,
  { cursor, limit, now }: { cursor: string; limit: number; now: Date },
): Promise<{ items: ServedCertificate[]; nextCursor: string | undefined }> {
  const items = await db.$queryRaw<ServedCertificate[]>`
    select distinct on (host) host, chain_pem as "chainPem", key_jwe as "keyJwe", not_after as "notAfter"
    from certificate
    where not_after > ${now} and host > ${cursor}
    order by host, created_at desc, id desc
    limit ${limit}`;
  return { items, nextCursor: items.length < limit ? undefined : items.at(-1)?.host };
}
