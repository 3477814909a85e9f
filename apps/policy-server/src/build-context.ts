import { createSecureContext, type SecureContext } from "node:tls";
import { TLS_CIPHERS } from "./tls-ciphers.ts";

/** What a context is built from, PEM. */
export type KeyAndChain = { key: string; chainPem: string };

/** A context, and the issuers that are in it after its leaf. */
export type BuiltContext = { context: SecureContext; issuersPem: string };

/** The part of Node's own context object that a rebuild needs; Node itself builds contexts with these two. */
type RebuildableHandle = { setCert(pem: string): void; setKey(key: string): void };

/**
 * A context for a certificate: a new one, or one nobody needs any more, whose leaf and key are replaced.
 *
 * Replacing takes half the work of building, and leaves no native memory for a garbage collector that cannot see its
 * size (40 kB each, at hundreds a second). Connections that were made with the old certificate keep it. A new context is
 * built where Node has no such handle, and for other issuers than the spare's: OpenSSL keeps the issuers of a context
 * when its leaf is replaced, so setting a whole chain again would add to them until clients refuse the handshake.
 *
 * @throws Error when key and chain are not PEM or do not belong together; `spare` must not be used again then
 */
export function buildContext({ key, chainPem }: KeyAndChain, spare: BuiltContext | undefined): BuiltContext {
  const { leafPem, issuersPem } = splitChain(chainPem);
  const handle = spare?.issuersPem === issuersPem ? rebuildableHandle(spare.context) : undefined;
  if (!spare || !handle) {
    // A connection's ciphers are those of the listener; a short list here only makes the context cheaper.
    return { context: createSecureContext({ key, cert: chainPem, ciphers: TLS_CIPHERS }), issuersPem };
  }
  handle.setCert(leafPem);
  handle.setKey(key);
  return spare;
}

const END_OF_CERTIFICATE = "-----END CERTIFICATE-----";

function splitChain(chainPem: string): { leafPem: string; issuersPem: string } {
  const leafEnd = chainPem.indexOf(END_OF_CERTIFICATE) + END_OF_CERTIFICATE.length;
  return { leafPem: chainPem.slice(0, leafEnd), issuersPem: chainPem.slice(leafEnd).trim() };
}

function rebuildableHandle(context: SecureContext): RebuildableHandle | undefined {
  const handle: unknown = context.context;
  return isRebuildable(handle) ? handle : undefined;
}

function isRebuildable(handle: unknown): handle is RebuildableHandle {
  return (
    typeof handle === "object" &&
    handle !== null &&
    "setCert" in handle &&
    typeof handle.setCert === "function" &&
    "setKey" in handle &&
    typeof handle.setKey === "function"
  );
}
