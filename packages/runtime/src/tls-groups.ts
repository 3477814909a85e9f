/**
 * Key exchanges that our TLS servers offer, in the order of `ecdhCurve`: hybrid post-quantum with every client that offers it, even if it
 * has to be asked for its share by a HelloRetryRequest; among the classic ones, the one that the client sent a share for.
 *
 * draft-ietf-tls-ecdhe-mlkem; RFC 8446 §4.2.7
 */
export const TLS_GROUPS = "X25519MLKEM768/X25519:P-256:P-384";
