import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createContext, jobActor } from "../context.ts";
import { listPolicyFetches } from "../policies/list-policy-fetches.ts";
import { newToken } from "../setup-names.ts";
import { type PolicyFetches, recordHandshakeFailures, recordPolicyFetches } from "./record-policy-fetches.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const now = () => new Date("2026-05-02T12:00:00Z");
const FETCH = {
  domain: "example.com",
  version: 1,
  hour: new Date("2026-05-01T23:00:00Z"),
  status: 200,
  network: "192.0.2.0/24",
  fetches: 2,
} satisfies PolicyFetches;

async function host(accountId: string, domain: string): Promise<string> {
  const { db } = database;
  const id = randomUUID();
  await db.domain.create({ data: { accountId, id, domain, token: newToken(), createdAt: now() } });
  await db.domainClaim.create({ data: { domain, accountId, domainId: id, claimedAt: now() } });
  return id;
}

test("fetches add up per day, version and network, however many servers write them at once", async () => {
  const { db } = database;
  const domainId = await host("mine", "example.com");
  const other = { ...FETCH, network: "2001:db8::/48" };
  const written = [
    FETCH,
    other,
    { ...FETCH, status: 421 },
    { ...FETCH, version: 2, hour: new Date("2026-05-02T00:00:00Z") },
    { ...FETCH, domain: "nobody.example" },
  ];
  const inOrder = (index: number) => (index % 2 ? written : written.toReversed());
  await Promise.all(Array.from({ length: 8 }, (_, index) => recordPolicyFetches(db, inOrder(index))));
  expect(await db.policyFetch.count()).toBe(4);
  const ctx = createContext({ db, now }, "mine", jobActor("test"));
  expect(await listPolicyFetches(ctx, { domainId })).toMatchObject({
    from: "2026-04-03",
    to: "2026-05-02",
    items: [
      { day: "2026-05-02", version: 2, served: 16, refused: 0 },
      { day: "2026-05-01", version: 1, served: 32, refused: 16 },
    ],
    networks: [
      { network: "192.0.2.0/24", fetches: 32, newestVersion: 2, lastHour: "2026-05-02T00:00:00.000Z" },
      { network: "2001:db8::/48", fetches: 16, newestVersion: 1, lastHour: "2026-05-01T23:00:00.000Z" },
    ],
  });
  const dayBefore = await listPolicyFetches(ctx, { domainId, from: "2026-05-01", to: "2026-05-01" });
  expect(dayBefore.items.map(({ day }) => day)).toEqual(["2026-05-01"]);
});

test("another account's fetches are not to be had", async () => {
  const domainId = await host("theirs", "example.org");
  await recordPolicyFetches(database.db, [{ ...FETCH, domain: "example.org" }]);
  const ctx = createContext({ db: database.db, now }, "mine", jobActor("test"));
  await expect(listPolicyFetches(ctx, { domainId })).rejects.toMatchObject({ code: "not_found" });
});

test("failed handshakes add up by name, hour and reason", async () => {
  const failure = { policyHost: "", hour: FETCH.hour, reason: "unknown-name", failures: 3 };
  await recordHandshakeFailures(database.db, [failure, { ...failure, policyHost: "mta-sts.example.com" }]);
  await recordHandshakeFailures(database.db, [failure]);
  const rows = await database.db.handshakeFailure.findMany({ orderBy: { policyHost: "asc" } });
  expect(rows.map(({ policyHost, failures }) => [policyHost, failures])).toEqual([
    ["", 6],
    ["mta-sts.example.com", 3],
  ]);
});

test("failed handshakes are added whole or not at all, so that another try counts none twice", async () => {
  const { db } = database;
  const policyHost = "mta-sts.whole.example";
  const failure = { policyHost, hour: FETCH.hour, reason: "alert", network: FETCH.network, failures: 3 };
  await db.$executeRaw`alter table handshake_client add constraint no_room check (policy_host <> 'mta-sts.whole.example')`;
  await expect(recordHandshakeFailures(db, [failure])).rejects.toThrow();
  await db.$executeRaw`alter table handshake_client drop constraint no_room`;
  await recordHandshakeFailures(db, [failure, { ...failure, network: "198.51.100.0/24" }]);
  expect(await db.handshakeFailure.findMany({ where: { policyHost } })).toMatchObject([{ failures: 6 }]);
  expect(await db.handshakeClient.count({ where: { policyHost } })).toBe(2);
});
