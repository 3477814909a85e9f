import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { MxProbe } from "@waxseal/probes";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestSurroundings } from "../../testing/create-test-surroundings.ts";
import { loadMxHosts } from "./load-judged-facts.ts";
import { probeDueMxHosts } from "./probe-due-mx-hosts.ts";
import { probeReportedHosts } from "./probe-reported-hosts.ts";
import { pruneWatching } from "./prune-watching.ts";

const NOW = new Date("2026-03-15T12:00:00Z");
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const failed = (missing: "starttls-not-offered" | "timeout"): MxProbe => ({
  missing,
  detail: "",
  greeting: undefined,
  addresses: ["192.0.2.1"],
  durationMs: 1,
});

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

/** Domains whose mail one host receives, each in a mode; the host is due now. */
async function createHost(mxHost: string, ...modes: ("enforce" | "testing" | "none")[]): Promise<void> {
  const { db } = database;
  for (const mode of modes) {
    const [accountId, id] = [randomUUID(), randomUUID()];
    await db.domain.create({
      data: {
        ...{ accountId, id, domain: `${id}.example`, token: id, status: "active", createdAt: NOW },
        ...{ servedVersion: 1, mxCheckedAt: NOW, judgeAt: at(1_000), mxHosts: [{ mxHost, preference: 10 }] },
      },
    });
    const seen = { preference: 10, firstSeenAt: NOW, lastSeenAt: NOW };
    await db.mxSighting.create({ data: { accountId, domainId: id, mxHost, ...seen } });
    await db.policyVersion.create({
      data: {
        ...{ accountId, domainId: id, version: 1, policyId: "1", mode, mx: [mxHost], maxAgeSeconds: 86_400 },
        ...{ createdAt: NOW, createdBy: "test" },
      },
    });
  }
  await db.mxHostWatch.create({ data: { mxHost, nextProbeAt: NOW } });
}

async function run(minutes: number, seen = createTestSurroundings(), controlHosts: string[] = []) {
  const source = { db: database.db, now: () => at(minutes) };
  return probeDueMxHosts(source, { ...seen, controlHosts, random: () => 0.5 });
}

const minutesUntilNext = async (mxHost: string) => {
  const { nextProbeAt } = await database.db.mxHostWatch.findUniqueOrThrow({ where: { mxHost } });
  return (nextProbeAt.getTime() - NOW.getTime()) / 60_000;
};
const readHost = (mxHost: string) =>
  database.db.mxHostProbe.findFirstOrThrow({ where: { mxHost, address: "" } });
const judgedNow = (mxHost: string, minutes: number) =>
  database.db.domain.count({
    where: { mxHosts: { path: ["0", "mxHost"], equals: mxHost }, judgeAt: at(minutes) },
  });

test("a host is probed as often as the strictest domain behind it asks for, once for all of them", async () => {
  await createHost("shared.host.example", "testing", "enforce", "none");
  const seen = createTestSurroundings();
  const asked: string[] = [];
  await run(0, {
    ...seen,
    probeMxHost: (host) => {
      asked.push(host);
      return seen.probeMxHost(host);
    },
  });
  expect(asked).toEqual(["shared.host.example"]);
  expect(await minutesUntilNext("shared.host.example")).toBe(360);
  // The first good look contradicts nothing: it counts as good until another look says otherwise.
  const rows = await database.db.domain.findMany({ take: 1 });
  expect((await loadMxHosts(database.db, rows)).get("shared.host.example")?.state).toBe("good");
});

test("a host becomes bad by a second look ten minutes after the first, and its domains are judged then", async () => {
  const mxHost = "breaks.host.example";
  await createHost(mxHost, "testing", "testing");
  await run(0);
  await run(1_440);
  expect(await readHost(mxHost)).toMatchObject({ confirmedState: "good" });
  await database.db.mxHostWatch.update({ where: { mxHost }, data: { nextProbeAt: at(2_000) } });
  await database.db.domain.updateMany({ data: { judgeAt: at(9_000) } });
  const seen = createTestSurroundings();
  seen.probes.set(mxHost, failed("starttls-not-offered"));
  await run(2_000, seen);
  expect(await readHost(mxHost)).toMatchObject({ state: "bad", confirmedState: "good" });
  expect(await minutesUntilNext(mxHost)).toBeCloseTo(2_010.5);
  await run(2_011, seen);
  expect(await readHost(mxHost)).toMatchObject({ confirmedState: "bad", confirmedFault: "no-starttls" });
  expect(await judgedNow(mxHost, 2_011)).toBe(2);
});

test("while no control host is good nothing becomes bad, and the operator sees why", async () => {
  const mxHost = "blamed.host.example";
  await createHost(mxHost, "enforce");
  const down = createTestSurroundings();
  for (const host of [mxHost, "control.example"]) down.probes.set(host, failed("starttls-not-offered"));
  for (const minutes of [3_000, 3_015, 3_030]) {
    expect(await run(minutes, down, ["control.example"])).toMatchObject({ dropped: 1 });
  }
  expect(await database.db.mxHostProbe.count({ where: { mxHost } })).toBe(0);
  expect(await database.db.operatorCondition.findFirst({ where: { code: "own-line" } })).not.toBeNull();
  const up = createTestSurroundings();
  up.probes.set(mxHost, failed("starttls-not-offered"));
  for (const minutes of [3_045, 3_060]) await run(minutes, up, ["control.example"]);
  expect(await readHost(mxHost)).toMatchObject({ confirmedState: "bad" });
  expect(await database.db.operatorCondition.findFirst({ where: { code: "own-line" } })).toBeNull();
});

test("sixty hosts a minute in all, also when two workers ask at once", async () => {
  await database.db.mxHostWatch.updateMany({ data: { nextProbeAt: at(99_000) } });
  for (let n = 0; n < 70; n += 1) await createHost(`n${n}.host.example`, "testing");
  await Promise.all([run(4_000), run(4_000)]);
  expect(await database.db.mxHostWatch.count({ where: { claimedAt: at(4_000) } })).toBe(60);
  await database.db.mxHostWatch.updateMany({ where: { claimedAt: null }, data: { claimedAt: at(4_000) } });
});

test("hosts that this minute's connections do not suffice for keep their place in the queue", async () => {
  const { db } = database;
  await db.mxHostWatch.updateMany({ data: { nextProbeAt: at(99_000) } });
  for (let n = 0; n < 20; n += 1) await createHost(`q${n}.host.example`, "testing");
  for (let n = 0; n < 20; n += 1)
    await db.mxHostWatch.updateMany({
      where: { mxHost: `q${n}.host.example` },
      data: { nextProbeAt: at(4_400 + n) },
    });
  // As many connections as are allowed in a minute, but for what is kept free for people.
  await db.$executeRaw`
    insert into mx_connection (id, network, started_at, until)
    select gen_random_uuid(), 'other', clock_timestamp(), clock_timestamp() from generate_series(1, 50)`;
  await run(4_500);
  await db.$executeRaw`delete from mx_connection where network = 'other'`;
  const queue = await db.mxHostWatch.findMany({
    where: { mxHost: { startsWith: "q" } },
    orderBy: { nextProbeAt: "asc" },
  });
  expect(queue.map(({ mxHost }) => mxHost)).toEqual(
    Array.from({ length: 20 }, (_, n) => `q${n}.host.example`),
  );
  expect(queue[0]).toMatchObject({ nextProbeAt: at(4_400), claimedAt: null });
});

test("hosts that something speaks against do not wait behind those that are late, and the operator is notified of these", async () => {
  const { db } = database;
  await db.mxHostWatch.updateMany({ data: { nextProbeAt: at(99_000), isUrgent: false } });
  const names = Array.from({ length: 40 }, (_, n) => `late${n}.host.example`);
  for (const name of names) await createHost(name, "enforce");
  await db.mxHostWatch.updateMany({ where: { mxHost: { in: names } }, data: { nextProbeAt: at(4_430) } });
  const { accountId, domainId } = await db.mxSighting.findFirstOrThrow({
    where: { mxHost: "late39.host.example" },
  });
  const alert = { firstSeenAt: NOW, lastSeenAt: NOW, lookedAt: NOW, looksBad: 1, looksGood: 0, evidence: {} };
  const failures = {
    condition: "failures.up",
    subject: "late39",
    severity: "warning",
    state: "pending",
  } as const;
  await db.alert.create({ data: { accountId, domainId, ...failures, ...alert } });
  expect(await probeReportedHosts(db, [{ accountId, domainId }], at(4_550))).toBe(1);
  const asked: string[] = [];
  const seen = createTestSurroundings();
  const { probeMxHost } = seen;
  seen.probeMxHost = (host) => {
    asked.push(host);
    return probeMxHost(host);
  };
  const find = () => db.operatorCondition.findFirst({ where: { code: "mx-tests-late" } });
  await run(4_551, { ...seen, connectionsAMinute: 20 });
  expect(asked).toHaveLength(20);
  expect(asked).toContain("late39.host.example");
  expect((await find())?.text).toMatch(
    /^20 mail hosts wait for their test, the first for 2 hours.* 20 connections/,
  );
  await run(4_553, seen);
  expect(await find()).toBeNull();
});

test("the certificate of the other kind is asked for at each test of a host that is not known to be good, and at one in four of others", async () => {
  const mxHost = "kinds.host.example";
  await database.db.mxHostWatch.updateMany({ data: { nextProbeAt: at(99_000) } });
  await createHost(mxHost, "enforce");
  const seen = createTestSurroundings();
  const { probeMxHost } = seen;
  const skipped: (boolean | undefined)[] = [];
  seen.probeMxHost = (host, options) => {
    skipped.push(options?.skipsOtherKey);
    return probeMxHost(host);
  };
  const test = async (minutes: number, random: number) => {
    await database.db.mxHostWatch.updateMany({ where: { mxHost }, data: { nextProbeAt: at(minutes) } });
    const source = { db: database.db, now: () => at(minutes) };
    await probeDueMxHosts(source, { ...seen, controlHosts: [], random: () => random });
  };
  // Two good tests in a row confirm it.
  for (const minutes of [4_600, 4_620, 4_630]) await test(minutes, 0.9);
  await test(4_640, 0.2);
  seen.probes.set(mxHost, failed("starttls-not-offered"));
  for (const minutes of [4_660, 4_680, 4_700]) await test(minutes, 0.9);
  expect(skipped).toEqual([false, false, true, false, true, false, false]);
});

test("proven reports of more failures than usual have the host probed at once, and not again within the hour", async () => {
  const mxHost = "reported.host.example";
  await createHost(mxHost, "testing");
  await run(4_900);
  const { accountId, domainId } = await database.db.mxSighting.findFirstOrThrow({ where: { mxHost } });
  const seen = { firstSeenAt: NOW, lastSeenAt: NOW, lookedAt: NOW, looksBad: 1, looksGood: 0 };
  await database.db.alert.create({
    data: {
      ...{ accountId, domainId, condition: "failures.up", subject: mxHost, severity: "warning" },
      ...{ ...seen, state: "pending", evidence: {} },
    },
  });
  const ask = (minutes: number) => probeReportedHosts(database.db, [{ accountId, domainId }], at(minutes));
  expect([await ask(4_930), await ask(4_961)]).toEqual([0, 1]);
  expect(await minutesUntilNext(mxHost)).toBe(4_961);
});

test("a host that could not be tested stays what it was", async () => {
  const mxHost = "silent.host.example";
  await createHost(mxHost, "enforce");
  await run(5_000);
  await run(5_360);
  const seen = createTestSurroundings();
  seen.probes.set(mxHost, failed("timeout"));
  await database.db.mxHostWatch.update({ where: { mxHost }, data: { nextProbeAt: at(5_400) } });
  for (const minutes of [5_400, 5_500]) await run(minutes, seen);
  expect(await readHost(mxHost)).toMatchObject({ state: "unknown", confirmedState: "good" });
});

test("a host with a new certificate at each look keeps the newest fifty in its history", async () => {
  const mxHost = "rolling.host.example";
  const row = (day: number) => ({
    ...{ mxHost, vantage: "own", address: "192.0.2.1", spki256: `${day}`, issuer: "Test CA" },
    ...{
      certificateNotAfter: at(1),
      firstSeenAt: new Date(),
      lastSeenAt: new Date(Date.now() - day * 60_000),
    },
  });
  await database.db.mxHostCertificate.createMany({ data: Array.from({ length: 60 }, (_, day) => row(day)) });
  expect(await pruneWatching(database.db)).toMatchObject({ mxCertificates: 10 });
  expect(await database.db.mxHostCertificate.count({ where: { mxHost, spki256: "49" } })).toBe(1);
});
