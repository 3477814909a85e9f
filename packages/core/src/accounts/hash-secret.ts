import { createHash } from "node:crypto";

/** Returns the stored form of an API key or invitation token: SHA-256, base64url. Both are random, so no slower hash is needed. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
