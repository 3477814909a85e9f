import { X509Certificate } from "node:crypto";

/** Authority key identifier, RFC 5280 §4.2.1.1: its object identifier in DER. */
const AUTHORITY_KEY_ID = Buffer.from("0603551d23", "hex");

/**
 * The name under which a CA is asked for renewal information of a certificate (PEM, leaf first), and by which a new order says what
 * it replaces; undefined when the certificate does not name its issuer's key.
 *
 * RFC 9773 §4.1
 */
export function certificateId(chainPem: string): string | undefined {
  const { raw, serialNumber } = new X509Certificate(chainPem);
  const keyId = authorityKeyId(raw);
  if (!keyId) return undefined;
  const hex = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`;
  // DER integers are signed: a leading bit of one needs a zero octet before it.
  const serial = Buffer.from(Number.parseInt(hex.slice(0, 2), 16) >= 0x80 ? `00${hex}` : hex, "hex");
  return `${keyId.toString("base64url")}.${serial.toString("base64url")}`;
}

/** `OCTET STRING { SEQUENCE { [0] keyIdentifier … } }` after the identifier; all of it is shorter than 128 octets at any CA. */
function authorityKeyId(der: Buffer): Buffer | undefined {
  const at = der.indexOf(AUTHORITY_KEY_ID);
  if (at === -1) return undefined;
  const value = der.subarray(at + AUTHORITY_KEY_ID.length);
  const [octets, , sequence, , tag, length = 0] = value;
  if (octets !== 0x04 || sequence !== 0x30 || tag !== 0x80 || length === 0 || length > 64) return undefined;
  return value.subarray(6, 6 + length);
}
