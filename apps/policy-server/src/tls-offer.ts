import { constants } from "node:crypto";
import { createSecureContext } from "node:tls";
import { TLS_GROUPS } from "@waxseal/runtime";

/** ECDSA with forward secrecy and authenticated encryption, nothing else. RFC 9325 §4.2 */
export const TLS_CIPHERS = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
].join(":");

/** What every handshake begins with: no certificate yet, and none for a client that asks for a name we do not serve. */
export const withoutCertificate = createSecureContext({
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.3",
  ciphers: TLS_CIPHERS,
  honorCipherOrder: true,
  ecdhCurve: TLS_GROUPS,
  ca: [],
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
});
