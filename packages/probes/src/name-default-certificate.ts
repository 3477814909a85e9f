import type { CertificateFacts } from "./describe-certificate.ts";

type Refused = {
  readonly missing: string;
  readonly detail: string;
  /** The certificate presented for the host's name, if there was one. */
  readonly certificate?: CertificateFacts | undefined;
};

const FOREIGN = new Set(["certificate-host-mismatch", "certificate-not-trusted"]);

/**
 * The detail of a refused handshake, completed by the certificate that the server presents to a client that sends no SNI.
 *
 * `lookWithoutName` shakes hands a second time; it is called only for a handshake that failed, or for a certificate that is not for
 * the host. Without a full stop.
 *
 * RFC 8461 §7.1
 */
export async function nameDefaultCertificate(
  { missing, detail, certificate }: Refused,
  lookWithoutName: () => Promise<CertificateFacts | undefined>,
): Promise<string> {
  if (missing === "tls-failed") {
    const other = await lookWithoutName();
    return other ? `${detail}. Asked for no name, it presents ${nameOf(other)}` : detail;
  }
  if (!FOREIGN.has(missing) || !certificate) return detail;
  const other = await lookWithoutName();
  const isDefault = other?.fingerprint256 === certificate.fingerprint256;
  return isDefault ? `${detail}. This is the server's default certificate (${nameOf(other)})` : detail;
}

/** New certificates of public CAs often have an empty subject. */
function nameOf({ subject, subjectAltNames }: CertificateFacts): string {
  return subject || subjectAltNames.slice(0, 5).join(", ") || "a certificate without a name";
}
