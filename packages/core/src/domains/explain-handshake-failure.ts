const MEANINGS: Record<string, string> = {
  "no-certificate": "We had no certificate for the name yet. This ends once the certificate is issued.",
  unavailable: "We could not read the certificate for the name for a moment.",
  "unsupported-protocol":
    "The client offers only TLS below 1.2, which RFC 8461 §3.3 rules out. Its operator has to act.",
  "version-too-low":
    "The client offers only TLS below 1.2, which RFC 8461 §3.3 rules out. Its operator has to act.",
  "no-shared-cipher": "The client knows none of the ciphers in use today. Its operator has to act.",
  "no-suitable-signature-algorithm": "The client cannot check signatures of today's certificates.",
  "tlsv1-alert-unknown-ca":
    "The client does not know the certificate authority: its list of roots is old, or its own.",
  "sslv3-alert-certificate-unknown": "The client did not accept the certificate, without saying why.",
  "sslv3-alert-bad-certificate": "The client did not accept the certificate, without saying why.",
  "sslv3-alert-certificate-expired":
    "The client holds the certificate to be expired; often its clock is wrong.",
  "http-request": "The client spoke plain HTTP to the HTTPS port: a scanner, not a mail server.",
  "wrong-version-number": "What arrived was no TLS: a scanner, not a mail server.",
  econnreset: "The client hung up during the handshake. Scanners do; a few are normal.",
  "socket-hang-up": "The client hung up during the handshake. Scanners do; a few are normal.",
  "handshake-timeout": "The client did not finish the handshake in time. A few are normal.",
};

/**
 * What a reason for failed handshakes means, and whether the operator has to act. Unknown reasons get a sentence too.
 *
 * RFC 8461 §3.3
 */
export function explainHandshakeFailure(reason: string): string {
  const known = Object.hasOwn(MEANINGS, reason) ? MEANINGS[reason] : undefined;
  return known ?? "A TLS error on the client's side or on the way; look closer only if it is frequent.";
}

const OURS = new Set(["no-certificate", "unavailable"]);
const OF_CLIENT = new Set([
  "unsupported-protocol",
  "version-too-low",
  "no-shared-cipher",
  "no-suitable-signature-algorithm",
  "tlsv1-alert-unknown-ca",
  "sslv3-alert-certificate-unknown",
  "sslv3-alert-bad-certificate",
  "sslv3-alert-certificate-expired",
]);

/** Who caused a failed handshake; `unknown` for what scanners cause, too. */
export function blameHandshakeFailure(reason: string): "us" | "client" | "unknown" {
  return OURS.has(reason) ? "us" : OF_CLIENT.has(reason) ? "client" : "unknown";
}
