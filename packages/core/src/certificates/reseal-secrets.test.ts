import { randomBytes } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createSecretBox } from "../secret-box.ts";
import { resealSecrets } from "./reseal-secrets.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const newKey = (name: string) => `${name}:${randomBytes(32).toString("base64url")}`;
const at = new Date("2026-05-01T00:00:00Z");

test("every secret is under the new key afterwards, over several batches, and a second run changes nothing", async () => {
  const { db } = database;
  const [oldKey, nextKey] = [newKey("old"), newKey("next")];
  const before = createSecretBox(oldKey);
  await db.acmeAccount.create({
    data: { directoryUrl: "https://ca.example/dir", keyJwe: await before.seal("account"), createdAt: at },
  });
  await db.certificateName.create({
    data: { accountId: "a1", host: "h.example", stateSince: at, orderKeyJwe: await before.seal("order") },
  });
  const clientSecretJwe = await before.seal("sso");
  await db.accountSso.create({
    data: {
      accountId: "a1",
      issuer: "https://idp.example",
      clientId: "c",
      clientSecretJwe,
      domains: ["h.example"],
      isRequired: false,
      updatedAt: at,
    },
  });
  const lost = await createSecretBox(newKey("lost")).seal("gone");
  await db.certificate.createMany({
    data: await Promise.all(
      Array.from({ length: 1_201 }, async (_, index) => ({
        accountId: `a${index % 3}`,
        host: `h${index}.example`,
        chainPem: "",
        keyJwe: index === 700 ? lost : await before.seal(`key ${index}`),
        issuer: "CA",
        serial: "1",
        fingerprint256: "",
        notBefore: at,
        notAfter: at,
        directoryUrl: "https://ca.example/dir",
        createdAt: at,
      })),
    ),
  });

  const both = createSecretBox(`${nextKey},${oldKey}`);
  expect(await resealSecrets(db, both)).toEqual({
    seen: 1_204,
    resealed: 1_203,
    unreadable: ["certificate of h700.example"],
  });
  const only = createSecretBox(nextKey);
  for (const { host, keyJwe } of await db.certificate.findMany()) {
    if (host === "h700.example") continue;
    expect(await only.open(keyJwe)).toBe(`key ${/\d+/.exec(host)?.[0]}`);
  }
  const account = await db.acmeAccount.findFirstOrThrow();
  expect(await only.open(account.keyJwe)).toBe("account");
  const name = await db.certificateName.findFirstOrThrow();
  expect(await only.open(name.orderKeyJwe ?? "")).toBe("order");
  const sso = await db.accountSso.findFirstOrThrow();
  expect(await only.open(sso.clientSecretJwe)).toBe("sso");
  expect(await resealSecrets(db, both)).toMatchObject({ resealed: 0 });
});
