import { createSecureContext, type SecureContext } from "node:tls";
import { LRUCache } from "lru-cache";
import type { OpenCertificate } from "./create-certificate-shelf.ts";
import { TLS_CIPHERS } from "./tls-offer.ts";

/** What a context is built from, PEM. */
export type CertificateParts = Pick<OpenCertificate, "leafPem" | "issuersPem" | "keyPem">;

/** One context for all names under the same issuers. */
export type SharedContexts = {
  /**
   * A context that holds this certificate until the next call: hand it to the handshake in the same tick, where OpenSSL
   * copies leaf and key into the connection. Connections of before keep theirs.
   *
   * @throws Error when key and leaf are not PEM or do not belong together
   */
  contextFor(parts: CertificateParts): SecureContext;
};

/** The part of Node's own context object that this needs; Node itself builds contexts with these two. */
type ReusableHandle = { setCert(pem: string): void; setKey(key: string): void };

/** Issuers change every few months; each context takes 40 kB. */
const MAX_ISSUERS = 50;
/**
 * PKCS #8 of a P-256 key, which is all we make. A key of another kind would go into another slot of the context, and
 * the leaf in this one would still be offered.
 */
const P256_ALGORITHM = "MBMGByqGSM49AgEGCCqGSM49AwEH";

/**
 * Replacing leaf and key takes a fifth of the work of building a context, and leaves no native memory for a garbage
 * collector that cannot see its size.
 *
 * Only ever under the same issuers: OpenSSL keeps those of a context when its leaf is replaced, so setting a whole chain
 * again would add to them until clients refuse the handshake. Where Node has no such handle, each call builds a context.
 */
export function createSharedContexts(): SharedContexts {
  const byIssuers = new LRUCache<string, SecureContext>({ max: MAX_ISSUERS });
  return {
    contextFor: (parts) => {
      if (!parts.keyPem.includes(P256_ALGORITHM)) return buildContext(parts);
      const known = byIssuers.get(parts.issuersPem);
      const handle = known && reusableHandle(known);
      if (known && handle) {
        handle.setCert(parts.leafPem);
        handle.setKey(parts.keyPem);
        return known;
      }
      const context = buildContext(parts);
      byIssuers.set(parts.issuersPem, context);
      return context;
    },
  };
}

/** A context of its own. @throws Error when key and chain are not PEM or do not belong together */
export function buildContext({ keyPem, leafPem, issuersPem }: CertificateParts): SecureContext {
  // A connection's ciphers are those of the listener; a short list here only makes the context cheaper.
  // No client is asked for a certificate: without roots of trust the context is smaller, and so is setting a leaf.
  return createSecureContext({ key: keyPem, cert: leafPem + issuersPem, ca: [], ciphers: TLS_CIPHERS });
}

function reusableHandle(context: SecureContext): ReusableHandle | undefined {
  const handle: unknown = context.context;
  return isReusable(handle) ? handle : undefined;
}

function isReusable(handle: unknown): handle is ReusableHandle {
  return (
    typeof handle === "object" &&
    handle !== null &&
    "setCert" in handle &&
    typeof handle.setCert === "function" &&
    "setKey" in handle &&
    typeof handle.setKey === "function"
  );
}
