import { createHash } from "node:crypto";

/** What is stored of an API key: SHA-256, base64url. Keys are random, so nothing slower is needed. */
export function hashApiKey(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}
