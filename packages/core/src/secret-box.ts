import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";

/** Encrypts secrets at rest and decrypts them again. */
export type SecretBox = {
  /** The plain text as compact JWE (dir, A256GCM) under the first key; the key's name is in its header. */
  seal(plainText: string): Promise<string>;
  /** @throws Error when the key is not among ours or the text was changed */
  open(jwe: string): Promise<string>;
  /** The same at once, where a handshake waits for it. @throws as `open` */
  openSync(jwe: string): string;
  /** Whether the JWE is under the first key; if not, seal it again. */
  isCurrent(jwe: string): boolean;
};

/** RFC 7518 §5.3 */
const IV_BYTES = 12;

/**
 * A box with the keys of `SECRET_KEYS`: `name:base64url of 32 bytes`, comma-separated. The first encrypts,
 * all decrypt, so keys rotate by putting a new one in front.
 * @throws Error naming the entry that is not such a key
 */
export function createSecretBox(secretKeys: string): SecretBox {
  const entries = readSecretKeys(secretKeys);
  // A key object: OpenSSL takes a quarter of the time for it that it takes for bytes.
  const keys = new Map(entries.map(({ name, key }) => [name, createSecretKey(key)]));
  const [current] = keys;
  if (!current) throw new Error("SECRET_KEYS: no key");
  const [currentName, currentKey] = current;
  return {
    seal: async (plainText) => encryptNow(plainText, currentName, currentKey),
    open: async (jwe) => decryptNow(jwe, keys),
    openSync: (jwe) => decryptNow(jwe, keys),
    isCurrent: (jwe) => keyName(jwe) === currentName,
  };
}

/** By node:crypto: a JOSE library takes five times as long for it, most of it for base64. RFC 7516 §5.1 */
function encryptNow(plainText: string, keyName: string, key: KeyObject): string {
  const header = Buffer.from(JSON.stringify({ alg: "dir", enc: "A256GCM", kid: keyName })).toString(
    "base64url",
  );
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(header, "latin1"));
  const cipherText = Buffer.concat([cipher.update(plainText, "utf8"), cipher.final()]);
  const [ivText, text, tag] = [iv, cipherText, cipher.getAuthTag()].map((part) => part.toString("base64url"));
  return `${header}..${ivText}.${text}.${tag}`;
}

/** Only what `seal` makes: direct encryption, so no encrypted key between the first two dots. RFC 7516 §5.2 */
function decryptNow(jwe: string, keys: ReadonlyMap<string, KeyObject>): string {
  const [header = "", encryptedKey, iv = "", cipherText = "", tag = ""] = jwe.split(".");
  const key = keys.get(String(keyName(jwe)));
  if (!key) throw new Error(`no key named ${keyName(jwe)} in SECRET_KEYS`);
  const tagBytes = Buffer.from(tag, "base64url");
  const ivBytes = Buffer.from(iv, "base64url");
  if (encryptedKey !== "" || tagBytes.length !== 16 || ivBytes.length !== IV_BYTES)
    throw new Error("not sealed by a secret box");
  const decipher = createDecipheriv("aes-256-gcm", key, ivBytes);
  decipher.setAAD(Buffer.from(header, "latin1")).setAuthTag(tagBytes);
  return Buffer.concat([decipher.update(Buffer.from(cipherText, "base64url")), decipher.final()]).toString();
}

function keyName(jwe: string): unknown {
  const header: unknown = JSON.parse(Buffer.from(jwe.split(".")[0] ?? "", "base64url").toString());
  return typeof header === "object" && header !== null && "kid" in header ? header.kid : undefined;
}

/** The keys of `SECRET_KEYS` by name, the current one first. @throws Error naming the entry that is not such a key */
export function readSecretKeys(secretKeys: string): { name: string; key: Buffer }[] {
  return secretKeys.split(",").map((entry) => {
    const [name = "", encoded = ""] = entry.trim().split(":");
    const key = Buffer.from(encoded, "base64url");
    if (!/^[\w-]{1,40}$/.test(name) || key.length !== 32) {
      throw new Error(`SECRET_KEYS: "${name}" is not name:base64url of 32 bytes`);
    }
    return { name, key };
  });
}
