import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { Resolver } from "@waxseal/probes";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ensureOperatorNames } from "./ensure-operator-names.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test("a host of the operator is added once, and only when it resolves to one of our addresses", async () => {
  const { db } = database;
  const addresses: Record<string, string> = {
    "mx.ours.example": "192.0.2.1",
    "app.ours.example": "198.51.100.9",
  };
  const resolver = {
    resolveAddresses: async (host: string) => {
      const address = addresses[host];
      return address ? { found: [{ address, family: 4 }] } : { missing: "no-domain", detail: "NXDOMAIN" };
    },
  } as unknown as Resolver;
  const hosts = ["mx.ours.example", "app.ours.example", "upload.ours.example"];
  const ensure = () =>
    ensureOperatorNames({ db, now: () => new Date("2026-05-01T00:00:00Z") }, hosts, {
      resolver,
      policyAddresses: ["192.0.2.1", "192.0.2.2"],
    });
  expect(await ensure()).toEqual(["mx.ours.example"]);
  expect(await ensure()).toEqual([]);
  addresses["upload.ours.example"] = "192.0.2.2";
  expect(await ensure()).toEqual(["upload.ours.example"]);
  const names = await db.certificateName.findMany({ orderBy: { host: "asc" } });
  expect(names).toMatchObject([
    { accountId: "operator", host: "mx.ours.example", state: "waiting", domainId: null },
    { accountId: "operator", host: "upload.ours.example", state: "waiting", domainId: null },
  ]);
});
