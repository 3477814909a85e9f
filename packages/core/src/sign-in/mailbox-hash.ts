import { createHash } from "node:crypto";

/** A hash of an email address where the address itself need not be kept: the same for upper and lower case. */
export function mailboxHash(email: string): string {
  return createHash("sha256").update(email.trim().toLowerCase()).digest("base64url");
}
