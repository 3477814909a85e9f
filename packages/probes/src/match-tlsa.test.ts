import { createHash, X509Certificate } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { createUntrustedAuthority } from "../testing/create-untrusted-authority.ts";
import { isUsableTlsa, matchesTlsa } from "./match-tlsa.ts";

let chain: Buffer[];
beforeAll(async () => {
  const authority = await createUntrustedAuthority();
  const leaf = await authority.issue(["mx.example.com"]);
  chain = [new X509Certificate(leaf.cert).raw, new X509Certificate(authority.caPem).raw];
});

const HASHES = ["", "sha256", "sha512"];

function associate(place: number, selector: number, matchingType: number): string {
  const certificate = chain[place] ?? Buffer.alloc(0);
  const data =
    selector === 0
      ? certificate
      : new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" });
  const hash = HASHES[matchingType];
  return hash ? createHash(hash).update(data).digest("hex") : data.toString("hex");
}

const forms = [0, 1].flatMap((selector) =>
  [0, 1, 2].map((matchingType) => [selector, matchingType] as const),
);

test.each(forms)(
  "RFC 6698 §2.1: selector %i, matching type %i, for usages 3 and 2",
  (selector, matchingType) => {
    const own = associate(0, selector, matchingType);
    const issuer = associate(1, selector, matchingType);
    const matches = (usage: number, data: string) =>
      matchesTlsa({ usage, selector, matchingType, data }, chain);
    expect([matches(3, own), matches(3, own.toUpperCase()), matches(2, issuer)]).toEqual([true, true, true]);
    expect([matches(3, issuer), matches(2, own), matches(3, `${own}00`)]).toEqual([false, false, false]);
    // RFC 7672 §3.1.3: SMTP clients do not use 0 and 1.
    expect([matches(0, issuer), matches(1, own)]).toEqual([false, false]);
  },
);

test.each([
  [3, 1, 1, true],
  [2, 0, 2, true],
  [1, 1, 1, false],
  [3, 2, 1, false],
  [3, 1, 3, false],
  [255, 0, 0, false],
])("RFC 7672 §3.1: %i %i %i is usable: %s", (usage, selector, matchingType, usable) => {
  expect(isUsableTlsa({ usage, selector, matchingType, data: "" })).toBe(usable);
});
