import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { listChallenges } from "./list-challenges.ts";
import { findServedCertificate, listServedCertificates } from "./list-served-certificates.ts";

const NOW = new Date("2026-06-01T00:00:00Z");
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

async function addCertificate(
  host: string,
  chainPem: string,
  createdAt: string,
  notAfter: string,
): Promise<void> {
  const fixed = {
    issuer: "CA",
    serial: "1",
    fingerprint256: "f",
    directoryUrl: "https://ca.example",
    keyJwe: "k",
  };
  await database.db.certificate.create({
    data: {
      ...fixed,
      accountId: "one",
      host,
      chainPem,
      createdAt: new Date(createdAt),
      notBefore: new Date(createdAt),
      notAfter: new Date(notAfter),
    },
  });
}

test("the newest certificate is served, but never one that has expired", async () => {
  await addCertificate("mta-sts.a.example", "old", "2026-04-01", "2026-07-01");
  await addCertificate("mta-sts.a.example", "new", "2026-05-01", "2026-06-15");
  await addCertificate("mta-sts.b.example", "expired", "2026-01-01", "2026-06-01");
  expect(await findServedCertificate(database.db, "mta-sts.a.example", NOW)).toEqual({
    host: "mta-sts.a.example",
    chainPem: "new",
    keyJwe: "k",
    notAfter: new Date("2026-06-15"),
  });
  expect(await findServedCertificate(database.db, "mta-sts.b.example", NOW)).toBeUndefined();
  const later = new Date("2026-06-20");
  expect(await findServedCertificate(database.db, "mta-sts.a.example", later)).toMatchObject({
    chainPem: "old",
  });
});

test("pages have one certificate per host", async () => {
  await addCertificate("mta-sts.c.example", "c", "2026-05-01", "2026-07-01");
  const first = await listServedCertificates(database.db, { cursor: "", limit: 1, now: NOW });
  expect(first).toMatchObject({ items: [{ chainPem: "new" }], nextCursor: "mta-sts.a.example" });
  const second = await listServedCertificates(database.db, {
    cursor: "mta-sts.a.example",
    limit: 5,
    now: NOW,
  });
  expect(second).toMatchObject({ items: [{ chainPem: "c" }], nextCursor: undefined });
});

test("challenges are open until they expire, by Postgres' clock", async () => {
  const add = (token: string, expiresAt: Date) =>
    database.db.acmeChallenge.create({
      data: { token, keyAuthorization: `${token}.k`, host: "h", expiresAt },
    });
  await add("open", new Date(Date.now() + 60_000));
  await add("closed", new Date(Date.now() - 1_000));
  const [open, ...others] = await listChallenges(database.db);
  expect(open).toMatchObject({ token: "open", keyAuthorization: "open.k" });
  expect(open?.leftMs).toBeGreaterThan(30_000);
  expect(open?.leftMs).toBeLessThanOrEqual(60_000);
  expect(others).toEqual([]);
});
