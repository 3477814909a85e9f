import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createContext, jobActor } from "../context.ts";
import { recordHandshakeFailures, recordPolicyFetches } from "../serving/record-policy-fetches.ts";
import { newToken } from "../setup-names.ts";
import { listPolicyFetches } from "./list-policy-fetches.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const now = () => new Date("2026-05-02T12:30:00Z");
const hoursAgo = (hours: number) => new Date(Date.parse("2026-05-02T12:00:00Z") - hours * 3_600_000);

async function host(domain: string, claimedAt = hoursAgo(1_000)) {
  const { db } = database;
  const domainId = randomUUID();
  const accountId = `account of ${domain}`;
  await db.domain.create({
    data: { accountId, id: domainId, domain, token: newToken(), createdAt: now() },
  });
  await db.domainClaim.create({ data: { domain, accountId, domainId, claimedAt } });
  return { domainId, ctx: createContext({ db, now }, accountId, jobActor("test")) };
}

const fetched = (
  domain: string,
  version: number,
  network: string,
  hour: Date,
  fetches = 1,
  status = 200,
) => ({
  domain,
  version,
  network,
  hour,
  fetches,
  status,
});

test("a network counts at the newest version fetched from it, and each version says its share of the fetches", async () => {
  const domain = "shares.example";
  const { ctx, domainId } = await host(domain);
  await recordPolicyFetches(database.db, [
    fetched(domain, 2, "198.51.100.0/24", hoursAgo(5), 30),
    fetched(domain, 3, "198.51.100.0/24", hoursAgo(2), 60),
    fetched(domain, 2, "203.0.113.0/24", hoursAgo(4), 6),
    fetched(domain, 2, "other", hoursAgo(3), 4),
    fetched(domain, 3, "203.0.113.0/24", hoursAgo(1), 50, 404),
  ]);
  const { versions, totals } = await listPolicyFetches(ctx, { domainId });
  expect(versions).toEqual([
    { version: 3, served: 60, share: 0.6, networks: 1, lastHour: hoursAgo(2).toISOString() },
    { version: 2, served: 40, share: 0.4, networks: 1, lastHour: hoursAgo(3).toISOString() },
  ]);
  expect(totals).toEqual({ served: 100, refused: 50, networks: 3, handshakeFailures: 0 });
});

test("the last 24 hours hold the hour that is running and the 23 before it", async () => {
  const domain = "hours.example";
  const { ctx, domainId } = await host(domain);
  await recordPolicyFetches(
    database.db,
    [0, 23, 24].map((hours) => fetched(domain, 1, "192.0.2.0/24", hoursAgo(hours))),
  );
  const { totals, networks } = await listPolicyFetches(ctx, { domainId, hours: 24 });
  expect([totals.served, networks.map(({ fetches }) => fetches)]).toEqual([2, [2]]);
  expect((await listPolicyFetches(ctx, { domainId, hours: 25 })).totals.served).toBe(3);
});

test("hours make up their UTC day: the newest day first, in it the newest version", async () => {
  const domain = "days.example";
  const { ctx, domainId } = await host(domain);
  const hours = [
    [1, 2],
    [2, 3],
    [3, 2],
    [20, 3],
    [21, 2],
  ] as const;
  await recordPolicyFetches(
    database.db,
    hours.map(([hour, version]) => fetched(domain, version, "192.0.2.0/24", hoursAgo(hour))),
  );
  const { items } = await listPolicyFetches(ctx, { domainId, hours: 24 });
  expect(items.map(({ day, version, served }) => `${day} version ${version}: ${served}`)).toEqual([
    "2026-05-02 version 3: 1",
    "2026-05-02 version 2: 2",
    "2026-05-01 version 3: 1",
    "2026-05-01 version 2: 1",
  ]);
});

test("the time line has every hour of a day, every UTC day of a month, and each version of a slot", async () => {
  const domain = "timeline.example";
  const { ctx, domainId } = await host(domain);
  await recordPolicyFetches(database.db, [
    fetched(domain, 1, "192.0.2.0/24", hoursAgo(3), 5),
    fetched(domain, 2, "192.0.2.0/24", hoursAgo(3), 7),
    fetched(domain, 2, "198.51.100.0/24", hoursAgo(0), 1),
    fetched(domain, 2, "198.51.100.0/24", hoursAgo(0), 2, 404),
    fetched(domain, 0, "198.51.100.0/24", hoursAgo(2), 9, 404),
    fetched(domain, 1, "192.0.2.0/24", hoursAgo(36), 4),
  ]);
  const hours = (await listPolicyFetches(ctx, { domainId, hours: 24 })).timeline;
  expect(hours).toHaveLength(24);
  expect(hours[0]).toEqual({ at: hoursAgo(23).toISOString(), refused: 0, versions: [] });
  expect(hours.slice(20)).toEqual([
    {
      at: hoursAgo(3).toISOString(),
      refused: 0,
      versions: [
        { version: 2, served: 7 },
        { version: 1, served: 5 },
      ],
    },
    { at: hoursAgo(2).toISOString(), refused: 9, versions: [] },
    { at: hoursAgo(1).toISOString(), refused: 0, versions: [] },
    { at: hoursAgo(0).toISOString(), refused: 2, versions: [{ version: 2, served: 1 }] },
  ]);
  for (const query of [{ hours: 720 }, {}]) {
    const days = (await listPolicyFetches(ctx, { domainId, ...query })).timeline;
    expect(days.slice(-2)).toEqual([
      { at: "2026-05-01T00:00:00.000Z", refused: 0, versions: [{ version: 1, served: 4 }] },
      {
        at: "2026-05-02T00:00:00.000Z",
        refused: 11,
        versions: [
          { version: 2, served: 8 },
          { version: 1, served: 5 },
        ],
      },
    ]);
  }
  expect((await listPolicyFetches(ctx, { domainId })).timeline).toHaveLength(30);
});

test("the owner of a network is shown where it is known, and only of networks", async () => {
  const domain = "owners.example";
  const { ctx, domainId } = await host(domain);
  await recordPolicyFetches(database.db, [
    fetched(domain, 1, "192.0.2.0/24", hoursAgo(1), 3),
    fetched(domain, 1, "2001:db8::/48", hoursAgo(1), 2),
    fetched(domain, 1, "unknown", hoursAgo(1), 1),
  ]);
  const asked: string[] = [];
  const findNetwork = async (address: string) => {
    asked.push(address);
    return address === "2001:db8::" ? { asn: 64_500, owner: "Example Net", country: null } : null;
  };
  const { networks } = await listPolicyFetches(ctx, { domainId }, { findNetwork });
  expect(networks.map(({ owner }) => owner?.owner ?? null)).toEqual([null, "Example Net", null]);
  expect([...new Set(asked)]).toEqual(["192.0.2.0", "2001:db8::"]);
});

test("failed handshakes are listed by reason with their meaning, and only those since the domain came here", async () => {
  const domain = "handshakes.example";
  const { ctx, domainId } = await host(domain, hoursAgo(10));
  const failed = (policyHost: string, reason: string, hours: number, failures: number) => ({
    policyHost,
    reason,
    hour: hoursAgo(hours),
    failures,
  });
  await recordHandshakeFailures(database.db, [
    failed(`mta-sts.${domain}`, "unsupported-protocol", 3, 2),
    failed(`mta-sts.${domain}`, "econnreset", 10, 5),
    failed(`mta-sts.${domain}`, "econnreset", 11, 100),
    failed("mta-sts.other.example", "econnreset", 3, 100),
    failed("", "unknown-name", 3, 100),
  ]);
  const { handshakeFailures, totals } = await listPolicyFetches(ctx, { domainId });
  expect(handshakeFailures).toEqual([
    {
      reason: "econnreset",
      failures: 5,
      meaning: expect.stringContaining("hung up"),
      lastHour: hoursAgo(10).toISOString(),
    },
    {
      reason: "unsupported-protocol",
      failures: 2,
      meaning: expect.stringContaining("RFC 8461 §3.3"),
      lastHour: hoursAgo(3).toISOString(),
    },
  ]);
  expect(totals.handshakeFailures).toBe(7);
});
