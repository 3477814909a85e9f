import { generateKeyPairSync } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { createTestAuthority } from "./create-test-authority.ts";
import { packPem, unpackPem } from "./pack-pem.ts";

let leafPem: string;
let keyPem: string;

beforeAll(async () => {
  const issued = await (await createTestAuthority()).issue("mta-sts.example.com");
  const end = "-----END CERTIFICATE-----\n";
  leafPem = issued.chainPem.slice(0, issued.chainPem.indexOf(end) + end.length);
  keyPem = issued.keyPem;
});

test("RFC 7468 §2: a certificate and a key come back as the same text, and take a third less meanwhile", () => {
  for (const [pem, label] of [
    [leafPem, "CERTIFICATE"],
    [keyPem, "PRIVATE KEY"],
  ] as const) {
    const packed = packPem(pem, label);
    expect(packed.length).toBeLessThan(pem.length * 0.75);
    expect(unpackPem(packed, label).trim()).toBe(pem.trim());
  }
});

test("what is no PEM of that label stays as it is", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const sec1 = privateKey.export({ type: "sec1", format: "pem" }).toString();
  for (const text of [sec1, "no key", "", leafPem, leafPem.slice(0, 200)]) {
    expect(unpackPem(packPem(text, "PRIVATE KEY"), "PRIVATE KEY")).toBe(text);
  }
});
