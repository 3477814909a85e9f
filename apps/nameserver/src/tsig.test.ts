import { encode } from "dns-packet";
import { expect, test } from "vitest";
import { checkTsig, createSigner, parseTsigKey } from "./tsig.ts";

const SECRET = Buffer.alloc(32, 1).toString("base64");
const key = parseTsigKey(`Key.Example.:hmac-sha256:${SECRET}`);
if (!key) throw new Error("no key");
const AT = new Date("2026-01-01T00:00:00Z");
const query = encode({ type: "query", id: 5, questions: [{ name: "hosted.example", type: "AXFR" }] });
const signed = createSigner(key, undefined, () => AT)(query);
const check = (message: Buffer, now = AT) => checkTsig(message, query.length, { key, now });
const errorOf = (message: Buffer) => {
  const checked = check(message);
  if (checked?.state !== "bad") return undefined;
  const answer = checked.reject(encode({ type: "response", id: 5 }));
  return { error: answer.readUInt16BE(answer.length - 4), macBytes: answer.readUInt16BE(answer.length - 8) };
};

test.each([`name:hmac-sha256:${SECRET}`, `a.b.c.:hmac-sha512:${SECRET}`])("key %s is taken", (text) => {
  expect(parseTsigKey(text)?.secret).toHaveLength(32);
});

test.each([
  "",
  `name:hmac-md5:${SECRET}`,
  `name:constructor:${SECRET}`,
  "name:hmac-sha256:c2hvcnQ=",
  `hmac-sha256:${SECRET}`,
])("key %s is not taken", (text) => {
  expect(parseTsigKey(text)).toBeUndefined();
});

test("RFC 8945 §5.2: what the key signed is valid, and nothing with any bit changed", () => {
  expect(check(signed)?.state).toBe("valid");
  const typeAt = query.length + "\x03key\x07example\x00".length;
  for (let at = 0; at < signed.length; at += 1) {
    const changed = Buffer.from(signed);
    // The id is repeated behind the MAC; the count of records, and type and length of this one, are what led to it.
    changed[at] = (changed[at] ?? 0) ^ 0x01;
    const isCovered = at >= 2 && ![10, 11, ...[0, 1, 8, 9].map((byte) => typeAt + byte)].includes(at);
    if (isCovered) expect([at, check(changed)?.state]).not.toEqual([at, "valid"]);
  }
});

test("RFC 8945 §5.2.1, §5.2.2: another key is BADKEY, another signature BADSIG, both answered unsigned", () => {
  const wrong = Buffer.from(signed);
  wrong[signed.length - 20] = (wrong[signed.length - 20] ?? 0) ^ 0xff;
  expect(errorOf(wrong)).toEqual({ error: 16, macBytes: 0 });
  const unknown = checkTsig(signed, query.length, { key: undefined, now: AT });
  expect(unknown?.state).toBe("bad");
});

test("RFC 8945 §5.2.3: a signature older than five minutes is BADTIME, answered signed and with our time", () => {
  expect(check(signed, new Date(AT.getTime() + 299_000))?.state).toBe("valid");
  for (const offsetMs of [301_000, -301_000]) {
    const checked = check(signed, new Date(AT.getTime() + offsetMs));
    if (checked?.state !== "bad") throw new Error("was accepted");
    const answer = checked.reject(encode({ type: "response", id: 5 }));
    expect(answer.readUInt16BE(answer.length - 10)).toBe(18);
    expect(answer.readUIntBE(answer.length - 6, 6)).toBe((AT.getTime() + offsetMs) / 1_000);
    expect(answer.readUInt16BE(answer.length - 14 - 32)).toBe(32);
  }
});

test("cut off anywhere it is not well-formed or not valid, and never throws", () => {
  for (let length = query.length; length < signed.length; length += 1) {
    expect(check(signed.subarray(0, length))?.state).not.toBe("valid");
  }
});
