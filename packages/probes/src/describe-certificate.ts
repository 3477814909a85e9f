import { X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import { formatInstant } from "@waxseal/contract/format-instant";

/** A certificate in the chain a server sent, completed from the trust store where possible. */
export type ChainLink = { readonly subject: string; readonly issuer: string; readonly notAfter: Date };

/** What a server's certificate says; `chain` starts with the certificate itself. */
export type CertificateFacts = {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names of the subjectAltName, in lower case, at most a hundred. */
  readonly subjectAltNames: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Hexadecimal in upper case with colons. */
  readonly fingerprint256: string;
  readonly serialNumber: string;
  readonly keyType: "RSA" | "ECDSA" | "other";
  readonly chain: readonly ChainLink[];
  /** The chain in DER, for comparing with TLSA records. */
  readonly derChain: readonly Buffer[];
};

/** Why a sender does not accept a certificate. */
export type CertificateFault =
  | "certificate-expired"
  | "certificate-not-yet-valid"
  | "certificate-host-mismatch"
  | "certificate-not-trusted";

const KEY_TYPES: Record<string, "RSA" | "ECDSA"> = { rsa: "RSA", "rsa-pss": "RSA", ec: "ECDSA" };
const MAX_CHAIN_LENGTH = 10;
const MAX_NAMES = 100;

/** What the certificate of this connection says, or `undefined` when there is none. */
export function describeCertificate(socket: TLSSocket): CertificateFacts | undefined {
  const peer = socket.getPeerCertificate(true);
  const certificate = readCertificate(peer);
  if (!certificate) return undefined;
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    subjectAltNames: dnsNames(certificate),
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    fingerprint256: certificate.fingerprint256,
    serialNumber: certificate.serialNumber,
    keyType: KEY_TYPES[certificate.publicKey.asymmetricKeyType ?? ""] ?? "other",
    chain: describeChain(peer),
    derChain: listChain(peer).map(({ raw }) => raw),
  };
}

/**
 * Why a sender would not accept this connection's certificate for this host, or `undefined` when it would.
 *
 * Only DNS names of the subjectAltName count, never the common name; a wildcard matches the whole left-most label.
 *
 * RFC 8461 §3.3, §4.2
 */
export function findCertificateFault(
  socket: TLSSocket,
  host: string,
): { fault: CertificateFault; detail: string } | undefined {
  const certificate = readCertificate(socket.getPeerCertificate());
  if (!certificate) return { fault: "certificate-not-trusted", detail: "The server sent no certificate" };
  const verdict = socket.authorizationError;
  // Typed as Error, but Node sets the bare code there when it has one.
  const code = String((verdict instanceof Error && "code" in verdict && verdict.code) || verdict || "");
  if (code === "CERT_HAS_EXPIRED" || certificate.validToDate.getTime() < Date.now()) {
    return {
      fault: "certificate-expired",
      detail: `It expired on ${formatInstant(certificate.validToDate)}`,
    };
  }
  if (code === "CERT_NOT_YET_VALID") {
    return {
      fault: "certificate-not-yet-valid",
      detail: `It is not valid before ${formatInstant(certificate.validFromDate)}`,
    };
  }
  if (code !== "")
    return {
      fault: "certificate-not-trusted",
      detail: explainTrustError(code, oneLine(certificate.subject)),
    };
  if (certificate.checkHost(host, { subject: "never", partialWildcards: false }) === undefined) {
    const names = dnsNames(certificate).slice(0, 5).join(", ");
    const subject = oneLine(certificate.subject) || "without a name";
    const what = names === "" ? `It names no DNS host (its subject is ${subject})` : `It is for ${names}`;
    return { fault: "certificate-host-mismatch", detail: `${what}, not for ${host}` };
  }
  return undefined;
}

function explainTrustError(code: string, subject: string): string {
  switch (code) {
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return `It is self-signed, by ${subject || "an unnamed subject"}`;
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_GET_ISSUER_CERT":
      return "Its chain does not lead to a trusted root";
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return "The intermediate certificate is missing, or the root is not trusted";
    case "CERT_SIGNATURE_FAILURE":
      return "Its signature is wrong";
    case "CERT_CHAIN_TOO_LONG":
      return "Its chain is too long";
    case "INVALID_CA":
    case "INVALID_PURPOSE":
    case "PATH_LENGTH_EXCEEDED":
      return "A certificate in its chain may not be used that way";
    case "CERT_REVOKED":
      return "It is revoked";
    case "EE_KEY_TOO_SMALL":
    case "CA_KEY_TOO_SMALL":
      return "Its key, or one in its chain, is too short";
    case "CA_MD_TOO_WEAK":
      return "Its chain is signed with an outdated algorithm";
    default:
      return "It cannot be verified";
  }
}

// The X509Certificate that Node offers for a socket is there once only; its raw bytes are there each time.
function readCertificate(peer: { raw?: Buffer }): X509Certificate | undefined {
  return peer.raw && new X509Certificate(peer.raw);
}

function describeChain(leaf: DetailedPeerCertificate): ChainLink[] {
  return listChain(leaf).flatMap((link) => {
    const certificate = readCertificate(link);
    if (!certificate) return [];
    const { subject, issuer, validToDate } = certificate;
    return [{ subject: oneLine(subject), issuer: oneLine(issuer), notAfter: validToDate }];
  });
}

function listChain(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  const seen = new Set<string>();
  let current: DetailedPeerCertificate | undefined = leaf;
  while (current && chain.length < MAX_CHAIN_LENGTH && !seen.has(current.fingerprint256)) {
    seen.add(current.fingerprint256);
    if (!current.raw) break;
    chain.push(current);
    current = current.issuerCertificate;
  }
  return chain;
}

function dnsNames(certificate: X509Certificate): string[] {
  const names = (certificate.subjectAltName ?? "").split(", ");
  const dns = names.filter((name) => name.startsWith("DNS:")).map((name) => name.slice(4).toLowerCase());
  return dns.slice(0, MAX_NAMES);
}

function oneLine(name: string): string {
  return name.replaceAll("\n", ", ").slice(0, 300);
}
