import type { Database } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestSurroundings } from "../../testing/create-test-surroundings.ts";
import { createContext } from "../context.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { setPolicy } from "../policies/set-policy.ts";
import { findTokenAnswers } from "../serving/list-token-answers.ts";
import { addDomain } from "./add-domain.ts";
import { finishLeaving, listLeavingDomains } from "./finish-leaving.ts";
import { leaveDomain } from "./leave-domain.ts";

const surroundings = createTestSurroundings();

const settings: HostingSettings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: [],
};

let database: TestDatabase;
let db: Database;
let nowMs = Date.parse("2026-05-01T12:00:00Z");
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  db = database.db;
});
afterAll(() => database.drop());

const ctx = (accountId: string) =>
  createContext(
    { db, now: () => new Date(nowMs) },
    accountId,
    { kind: "user", id: "u", name: "Owner" },
    "owner",
  );

/** A domain whose id of the newest version is in DNS since now. */
async function publish(accountId: string, domainId: string): Promise<void> {
  const { servedVersion } = await db.domain.findFirstOrThrow({ where: { id: domainId } });
  const where = { accountId, domainId, version: servedVersion ?? 0 };
  await db.policyVersion.updateMany({ where, data: { state: "live", publishedAt: new Date(nowMs) } });
  await db.domain.updateMany({
    where: { id: domainId },
    data: { status: "active", activeAt: new Date(nowMs), publishedVersion: servedVersion },
  });
}

test("RFC 8461 §8.3: a domain has left once every older policy has run out, those of a longer max_age before the last one too", async () => {
  const context = ctx("a1");
  const {
    id: domainId,
    domain,
    token,
  } = await addDomain(
    context,
    { domain: "leaver.example" },
    { settings, lookUpMx: async () => [{ mxHost: "mx.leaver.example", preference: 10 }] },
  );
  await db.domainClaim.create({ data: { domain, accountId: "a1", domainId, claimedAt: new Date(nowMs) } });
  await publish("a1", domainId);
  nowMs += DAY_MS;
  const policy = { domainId, mode: "testing", mx: ["mx.leaver.example"] };
  await setPolicy(context, { ...policy, maxAgeSeconds: 30 * 86_400 }, surroundings);
  await publish("a1", domainId);
  nowMs += DAY_MS;
  await setPolicy(context, { ...policy, maxAgeSeconds: 86_400 }, surroundings);
  await publish("a1", domainId);
  const replacedAtMs = nowMs;
  nowMs += DAY_MS;
  await leaveDomain(context, { domainId });
  await publish("a1", domainId);
  await db.domain.updateMany({ where: { id: domainId }, data: { status: "leaving" } });

  expect(await listLeavingDomains(db, 10)).toEqual([{ accountId: "a1", domainId }]);
  const newest = await db.policyVersion.findFirst({ where: { domainId }, orderBy: { version: "desc" } });
  expect(newest).toMatchObject({ mode: "none", maxAgeSeconds: 86_400 });
  for (const days of [1, 7, 29]) {
    nowMs = replacedAtMs + days * DAY_MS;
    expect([days, await finishLeaving(context, { domainId })]).toEqual([days, false]);
  }
  nowMs = replacedAtMs + 30 * DAY_MS + HOUR_MS;
  expect(await finishLeaving(context, { domainId })).toBe(true);
  const left = await db.domain.findFirstOrThrow({ where: { id: domainId } });
  expect(left).toMatchObject({
    status: "left",
    servedVersion: null,
    publishedVersion: null,
    nextCheckAt: null,
  });
  expect(await db.domainClaim.count({ where: { domain } })).toBe(0);
  expect(await findTokenAnswers(db, token)).toBeUndefined();
  expect(await finishLeaving(context, { domainId })).toBe(false);
  expect(await listLeavingDomains(db, 10)).toEqual([]);
});

test("a domain whose record was never published leaves at once", async () => {
  const context = ctx("a2");
  const { id: domainId } = await addDomain(
    context,
    { domain: "never.example" },
    { settings, lookUpMx: async () => [] },
  );
  expect(await leaveDomain(context, { domainId })).toMatchObject({ status: "left", servedVersion: null });
});
