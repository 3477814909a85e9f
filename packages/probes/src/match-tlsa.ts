import { createHash, X509Certificate } from "node:crypto";
import type { TlsaRecord } from "./dns-answer.ts";

const HASHES: Record<number, string> = { 1: "sha256", 2: "sha512" };
const DANE_TA = 2;
const DANE_EE = 3;

/** Whether SMTP clients use such a record: usage 2 or 3, a known selector and matching type. RFC 7672 §3.1 */
export function isUsableTlsa({ usage, selector, matchingType }: TlsaRecord): boolean {
  return (usage === DANE_TA || usage === DANE_EE) && selector <= 1 && matchingType <= 2;
}

/**
 * Whether a TLSA record matches the chain a server sent, its own certificate first: usage 3 the certificate itself, usage 2 any other of
 * the chain; the whole certificate or its public key; in full or as a SHA-256 or SHA-512 digest. DER each.
 *
 * RFC 6698 §2.1, RFC 7672 §3.1
 */
export function matchesTlsa(record: TlsaRecord, chain: readonly Buffer[]): boolean {
  if (!isUsableTlsa(record)) return false;
  const candidates = record.usage === DANE_EE ? chain.slice(0, 1) : chain.slice(1);
  return candidates.some((certificate) => associate(record, certificate) === record.data.toLowerCase());
}

function associate({ selector, matchingType }: TlsaRecord, certificate: Buffer): string {
  const data =
    selector === 0
      ? certificate
      : new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" });
  const hash = HASHES[matchingType];
  return hash === undefined ? data.toString("hex") : createHash(hash).update(data).digest("hex");
}
