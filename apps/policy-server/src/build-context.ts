import { createSecureContext, type SecureContext } from "node:tls";
import { TLS_CIPHERS } from "./tls-ciphers.ts";

/** What a context is built from, PEM. */
export type KeyAndChain = { key: string; chainPem: string };

/** The part of Node's own context object that a rebuild needs; Node itself builds contexts with these two. */
type RebuildableHandle = { setCert(chainPem: string): void; setKey(key: string): void };

/**
 * A context for a certificate: a new one, or one nobody needs any more, whose certificate and key are replaced.
 *
 * Replacing takes half the work of building, and leaves no native memory for a garbage collector that cannot see its
 * size (40 kB each, at hundreds a second). Connections that were made with the old certificate keep it. Where Node has
 * no such handle a new context is built.
 *
 * @throws Error when key and chain are not PEM or do not belong together; `spare` must not be used again then
 */
export function buildContext(
  { key, chainPem }: KeyAndChain,
  spare: SecureContext | undefined,
): SecureContext {
  const handle = spare && rebuildableHandle(spare);
  if (!handle) {
    // A connection's ciphers are those of the listener; a short list here only makes the context cheaper.
    return createSecureContext({ key, cert: chainPem, ciphers: TLS_CIPHERS });
  }
  handle.setCert(chainPem);
  handle.setKey(key);
  return spare;
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
