import { randomBytes } from "node:crypto";

const MAX_NONCES = 10_000;

/** Nonces that were handed out and not yet used; the oldest are forgotten beyond 10,000. RFC 8555 §6.5 */
export function createNoncePool(): { issue(): string; use(nonce: unknown): boolean } {
  const open = new Set<string>();
  return {
    issue() {
      const nonce = randomBytes(16).toString("base64url");
      open.add(nonce);
      const [oldest] = open;
      if (open.size > MAX_NONCES && oldest) open.delete(oldest);
      return nonce;
    },
    use: (nonce) => typeof nonce === "string" && open.delete(nonce),
  };
}
