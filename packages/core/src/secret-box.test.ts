import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createSecretBox } from "./secret-box.ts";

const key = (name: string) => `${name}:${randomBytes(32).toString("base64url")}`;

test("what was sealed opens again, both ways, also after a new key was put in front", async () => {
  const old = key("old");
  const sealed = await createSecretBox(old).seal("geheim\u00fc");
  const rotated = createSecretBox(`${key("new")},${old}`);
  expect(await rotated.open(sealed)).toBe("geheim\u00fc");
  expect(rotated.openSync(sealed)).toBe("geheim\u00fc");
  expect(rotated.isCurrent(sealed)).toBe(false);
});

test("what was changed, cut short or sealed under another key does not open, either way", async () => {
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
