import { randomBytes } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";
import { expect, test } from "vitest";
import { createSecretBox } from "./secret-box.ts";

const key = (name: string) => `${name}:${randomBytes(32).toString("base64url")}`;

test("sealed values open with both functions, also after a new first key", async () => {
  const old = key("old");
  const sealed = await createSecretBox(old).seal("geheim\u00fc");
  const rotated = createSecretBox(`${key("new")},${old}`);
  expect(await rotated.open(sealed)).toBe("geheim\u00fc");
  expect(rotated.openSync(sealed)).toBe("geheim\u00fc");
  expect(rotated.isCurrent(sealed)).toBe(false);
});

test("changed, truncated and differently keyed values do not open with either function", async () => {
  const box = createSecretBox(key("a"));
  const sealed = await box.seal("secret");
  const [header, , iv, text, tag = ""] = sealed.split(".");
  const other = await createSecretBox(key("a")).seal("secret");
  const unknown = await createSecretBox(key("b")).seal("secret");
  const changed = [
    `${header}..${iv}.${text}.${tag.slice(0, 6)}`,
    `${header}..${iv}.AAAA${text?.slice(4)}.${tag}`,
    `${header}.AAAA.${iv}.${text}.${tag}`,
    other,
    unknown,
    "",
    "rubbish",
  ];
  for (const jwe of changed) {
    await expect(box.open(jwe)).rejects.toThrow();
    expect(() => box.openSync(jwe)).toThrow();
  }
});

test("RFC 7516 §5: a JOSE library opens what is sealed here, and what it sealed opens here", async () => {
  const secret = randomBytes(32);
  const box = createSecretBox(`k:${secret.toString("base64url")}`);
  const sealed = await box.seal("geheim\u00fc");
  expect(await box.seal("geheim\u00fc")).not.toBe(sealed);
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, secret);
  expect(new TextDecoder().decode(plaintext)).toBe("geheim\u00fc");
  expect(protectedHeader).toEqual({ alg: "dir", enc: "A256GCM", kid: "k" });
  const theirs = await new CompactEncrypt(new TextEncoder().encode("theirs"))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: "k" })
    .encrypt(secret);
  expect(await box.open(theirs)).toBe("theirs");
});
