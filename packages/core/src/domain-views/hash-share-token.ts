import { createHash } from "node:crypto";

/** What is stored of a link's token. It is random, so nothing slower is needed. */
export function hashShareToken(shareToken: string): string {
  return createHash("sha256").update(shareToken).digest("base64url");
}
