import { createHash, hkdfSync } from "node:crypto";

/** One secret of sign-in; `version` says in what it encrypted which secret that was. */
export type AuthSecret = { version: number; value: string };

/**
 * The secrets of sign-in, derived from `SECRET_KEYS`: the first signs session cookies and mail links and encrypts the secrets of
 * authenticator apps, the others only decrypt.
 *
 * A new first key signs everyone out: a rotation after a leak must not leave sessions behind.
 * @throws Error when an entry has no key
 */
export function deriveAuthSecrets(secretKeys: string): AuthSecret[] {
  return secretKeys.split(",").map((entry) => {
    const [, encoded = ""] = entry.trim().split(":");
    const key = Buffer.from(encoded, "base64url");
    if (key.length < 32) throw new Error("SECRET_KEYS: a key is not name:base64url of 32 bytes");
    const value = Buffer.from(hkdfSync("sha256", key, "", "waxseal sign-in", 32)).toString("base64url");
    // From the key itself, so that it is the same wherever the key is in the list. 31 bits: it is kept as an integer.
    return { version: createHash("sha256").update(value).digest().readUInt32BE() >>> 1, value };
  });
}
