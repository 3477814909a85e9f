import { hkdfSync } from "node:crypto";

/**
 * The secret that signs session cookies and mail links, derived from the first key of `SECRET_KEYS`.
 *
 * A new first key signs everyone out: a rotation after a leak must not leave sessions behind.
 * @throws Error when the first entry has no key
 */
export function deriveAuthSecret(secretKeys: string): string {
  const [, encoded = ""] = (secretKeys.split(",")[0] ?? "").trim().split(":");
  const key = Buffer.from(encoded, "base64url");
  if (key.length < 32) throw new Error("SECRET_KEYS: the first key is not name:base64url of 32 bytes");
  return Buffer.from(hkdfSync("sha256", key, "", "waxseal sign-in", 32)).toString("base64url");
}
