import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
} from "../../testing/create-test-report.ts";
import { createTestSurroundings } from "../../testing/create-test-surroundings.ts";
import { evaluateDomains } from "./evaluate-domains.ts";
import { lookAtOnce } from "./look-at-once.ts";
import { probeDueMxHosts } from "./probe-due-mx-hosts.ts";
import { sweepJudgements } from "./sweep-judgements.ts";

const NOW = new Date("2026-03-15T12:00:00Z");
const inMinutes = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const PROVEN_DAY = new Date("2026-03-14T00:00:00Z");

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

/** An active domain in mode testing with one MX host. */
async function createActiveDomain(name: string) {
  const ctx = await createTestAccount(database.db, () => NOW);
  const { accountId, domainId } = await createTestDomain(ctx, name);
  const mxHost = `mx.${name}`;
  await database.db.domain.update({
    where: { accountId_id: { accountId, id: domainId } },
    data: {
      status: "active",
      servedVersion: 1,
      mxCheckedAt: NOW,
      judgeAt: NOW,
      mxHosts: [{ mxHost, preference: 10 }],
    },
  });
  await database.db.policyVersion.create({
    data: {
      accountId,
      domainId,
      version: 1,
      policyId: "1",
      mode: "testing",
      mx: [mxHost],
      maxAgeSeconds: 86_400,
      state: "live",
      createdAt: NOW,
      createdBy: "test",
    },
  });
  return { accountId, domainId, mxHost, key: { accountId_id: { accountId, id: domainId } } };
}

const readHealth = async (key: Awaited<ReturnType<typeof createActiveDomain>>["key"]) =>
  database.db.domain.findUniqueOrThrow({ where: key });

test.each([
  ["aligned", "mail-failing"],
  ["signed", "good"],
  ["unsigned", "good"],
] as const)("a report of failures that is %s makes the health %s", async (trust, state) => {
  const name = `${trust}.example`;
  const { accountId, domainId, mxHost, key } = await createActiveDomain(name);
  const failure = testFailure({ receivingMxHost: mxHost, failedSessions: 20 });
  const policy = testPolicy(name, {
    failedSessions: 20,
    failureDetails: [failure],
    mxHostPatterns: [mxHost],
  });
  await database.reports.$executeRaw`select ensure_report_partitions('2026-03-01')::text`;
  const report = (reporter: string) => ({
    accountId,
    domainId,
    messageId: randomUUID(),
    reportDay: PROVEN_DAY,
    startAt: PROVEN_DAY,
    endAt: NOW,
    receivedAt: NOW,
    reporter,
    reportId: randomUUID(),
    identity: randomUUID(),
    successfulSessions: 10,
    failedSessions: 20,
    resultTypes: ["certificate-expired"],
    trust,
    transport: "smtp" as const,
    quirks: [],
    policies: JSON.parse(JSON.stringify([policy])),
  });
  await database.reports.tlsReport.createMany({
    data: [report("Google Inc."), report("Microsoft Corporation")],
  });
  const marks = () => database.reports.tlsChangedDomain.count({ where: { accountId } });
  expect(await marks()).toBe(trust === "aligned" ? 1 : 0);
  await sweepJudgements({ db: database.db, now: () => NOW });
  expect(await readHealth(key)).toMatchObject({ health: state });
  expect(await marks()).toBe(0);
});

test("a fault opens an alert, sets the domain's health, and both end a quarter of an hour after the repair", async () => {
  const { accountId, domainId, mxHost, key } = await createActiveDomain("lifecycle.example");
  const evaluate = (minutes: number) =>
    evaluateDomains({ db: database.db, now: () => inMinutes(minutes) }, [{ accountId, domainId }]);
  const host = { mxHost, vantage: "own", address: "" };
  const looks = { looksBad: 2, looksGood: 0, badSince: NOW, confirmedAt: NOW };
  await database.db.mxHostProbe.create({
    data: {
      ...host,
      ...looks,
      state: "bad",
      fault: "certificate-expired",
      confirmedState: "bad",
      confirmedFault: "certificate-expired",
      probedAt: NOW,
    },
  });
  expect(await evaluate(1)).toMatchObject([{ kind: "opened", isKnown: true, alert: { subject: mxHost } }]);
  expect(await evaluate(2)).toEqual([]);
  expect(await readHealth(key)).toMatchObject({
    health: "mail-failing",
    healthReason: { code: "mx.badTls", subject: mxHost, evidence: { fault: "certificate-expired" } },
    healthSince: NOW,
  });

  await database.db.mxHostProbe.updateMany({
    where: host,
    data: { confirmedState: "good", confirmedFault: null },
  });
  expect(await evaluate(3)).toEqual([]);
  expect(await readHealth(key)).toMatchObject({ health: "good", healthReason: null, judgeAt: inMinutes(18) });
  expect(await evaluate(18)).toMatchObject([{ kind: "resolved", isKnown: false }]);
  const [alert, ...others] = await database.db.alert.findMany({ where: { accountId } });
  expect(others).toEqual([]);
  expect(alert).toMatchObject({ state: "resolved", openedAt: inMinutes(1), resolvedAt: inMinutes(18) });
});

test("two judgements at once open one alert", async () => {
  const { accountId, domainId, key } = await createActiveDomain("at-once.example");
  await database.db.domain.update({
    where: key,
    data: { mxHosts: [{ mxHost: "mx.elsewhere.example", preference: 10 }] },
  });
  const source = { db: database.db, now: () => NOW };
  const keys = [{ accountId, domainId }];
  const changes = await Promise.all([evaluateDomains(source, keys), evaluateDomains(source, keys)]);
  expect(changes.flat()).toMatchObject([{ kind: "opened", alert: { condition: "mx.uncovered" } }]);
  expect(await database.db.alert.count({ where: { accountId } })).toBe(1);
});

test("a host that is looked at once fails its domain at once, also a minute after the first bad look; one that cannot be tested changes nothing", async () => {
  const { accountId, domainId, mxHost, key } = await createActiveDomain("demonstrated.example");
  const { db } = database;
  const seenAt = { firstSeenAt: NOW, lastSeenAt: NOW };
  await db.mxSighting.create({ data: { accountId, domainId, mxHost, preference: 10, ...seenAt } });
  await db.mxHostWatch.create({ data: { mxHost, nextProbeAt: NOW } });
  const probe = { detail: "", greeting: undefined, addresses: ["192.0.2.1"], durationMs: 1 };
  const deps = { ...createTestSurroundings(), controlHosts: [], random: () => 0.5 };
  const lookAt = (minutes: number) =>
    lookAtOnce({ db, accountId, now: () => inMinutes(minutes) }, deps, { domainId, mxHost });

  deps.probes.set(mxHost, { ...probe, missing: "timeout" });
  expect(await lookAt(0)).toEqual({ state: "unknown", detail: "it did not answer in time" });
  expect((await readHealth(key)).health).toBe("good");

  deps.probes.set(mxHost, { ...probe, missing: "starttls-not-offered" });
  await probeDueMxHosts({ db, now: () => inMinutes(1) }, deps);
  await evaluateDomains({ db, now: () => inMinutes(1) }, [{ accountId, domainId }]);
  expect((await readHealth(key)).health).toBe("good");
  expect(await lookAt(2)).toEqual({ state: "bad", detail: null });
  expect((await readHealth(key)).health).toBe("mail-failing");

  deps.probes.clear();
  expect(await lookAt(3)).toEqual({ state: "good", detail: null });
  expect((await readHealth(key)).health).toBe("good");
});
