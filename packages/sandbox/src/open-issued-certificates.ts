import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { AuthorityKeyIdentifierExtension, X509Certificate as PeculiarCertificate } from "@peculiar/x509";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { z } from "zod";
import { writeFileAtomically } from "./write-file-atomically.ts";

const MAX_CERTIFICATES = 5_000;

const Issued = z.object({
  id: z.string(),
  accountId: z.string(),
  chainPem: z.string(),
  issuedAt: z.iso.datetime(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  isReplaced: z.boolean(),
  isRevoked: z.boolean(),
});

/** A certificate this CA made; `id` is its ARI identifier (RFC 9773 §4.1). */
export type IssuedCertificate = z.infer<typeof Issued>;

/** What the sandbox CA issued, kept in a file: renewal information is asked for weeks later. */
export type IssuedCertificates = {
  get(id: string): IssuedCertificate | undefined;
  add(accountId: string, chainPem: string, issuedAt: Date): Promise<IssuedCertificate>;
  mark(certificate: IssuedCertificate, changes: { isReplaced?: true; isRevoked?: true }): Promise<void>;
};

/** At most 5,000, the oldest is forgotten. @throws Error – the file exists and is not ours */
export async function openIssuedCertificates(file: string): Promise<IssuedCertificates> {
  const text = await readFile(file, "utf8").catch(() => "[]");
  const issued = new Map(
    z
      .array(Issued)
      .parse(JSON.parse(text))
      .map((entry) => [entry.id, entry]),
  );
  let lastWrite = Promise.resolve();
  const put = async (entry: IssuedCertificate) => {
    issued.set(entry.id, entry);
    const [oldest] = issued.keys();
    if (issued.size > MAX_CERTIFICATES && oldest) issued.delete(oldest);
    const json = JSON.stringify([...issued.values()]);
    lastWrite = lastWrite.catch(() => {}).then(() => writeFileAtomically(file, json));
    await lastWrite;
  };
  return {
    get: (id) => issued.get(id),
    async add(accountId, chainPem, issuedAt) {
      const leaf = new X509Certificate(chainPem);
      const entry = {
        id: certificateIdOf(leaf.raw),
        accountId,
        chainPem,
        issuedAt: issuedAt.toISOString(),
        notBefore: leaf.validFromDate.toISOString(),
        notAfter: leaf.validToDate.toISOString(),
        isReplaced: false,
        isRevoked: false,
      };
      await put(entry);
      return entry;
    },
    mark: (certificate, changes) => put({ ...certificate, ...changes }),
  };
}

/**
 * The name under which renewal information of a certificate (DER) is asked for.
 *
 * RFC 9773 §4.1
 */
export function certificateIdOf(der: Uint8Array): string {
  const certificate = new PeculiarCertificate(new Uint8Array(der));
  const keyId = certificate.getExtension(AuthorityKeyIdentifierExtension)?.keyId ?? "";
  const serial = certificate.serialNumber;
  // DER integers are signed: a leading bit of one needs a zero octet before it.
  const serialHex = Number.parseInt(serial.slice(0, 1), 16) >= 8 ? `00${serial}` : serial;
  const encode = (hex: string) => Buffer.from(hex, "hex").toString("base64url");
  return `${encode(keyId)}.${encode(serialHex)}`;
}

/** When renewing is suggested: two days from when a third of the life is left, or at once after revocation or when asked for. RFC 9773 §4.2 */
export function suggestRenewal(
  certificate: IssuedCertificate,
  now: Date,
  isAskedFor: boolean,
): { start: string; end: string } {
  const [from, to] = [Date.parse(certificate.notBefore), Date.parse(certificate.notAfter)];
  const startMs = certificate.isRevoked || isAskedFor ? now.getTime() - 2 * DAY_MS : to - (to - from) / 3;
  const lengthMs = Math.min(2 * DAY_MS, (to - from) / 10);
  return { start: new Date(startMs).toISOString(), end: new Date(startMs + lengthMs).toISOString() };
}
