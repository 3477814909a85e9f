import { createHash } from "node:crypto";

/** What is stored of an API key or of the token in an invitation's link: SHA-256, base64url. Both are random, so nothing slower is needed. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
