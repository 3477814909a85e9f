import type { Database } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { DnsAnswer, Resolver } from "@waxseal/probes";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { createContext } from "../context.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { addDomain } from "./add-domain.ts";
import { checkDomain } from "./check-domain.ts";

const settings: HostingSettings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: [],
};

/** What DNS answers: `CNAME name` -> value; a value starting with "!" is a failure. */
const zone = new Map<string, string>();
let database: TestDatabase;
let db: Database;
let nowMs = Date.parse("2026-05-01T12:00:00Z");

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  db = database.db;
});
afterAll(() => database.drop());
beforeEach(() => zone.clear());

async function ask<T>(type: string, name: string, read: (value: string) => T): Promise<DnsAnswer<T>> {
  const value = zone.get(`${type} ${name}`);
  if (value === "!timeout") return { missing: "timeout", cnames: [], detail: `No answer from ${name}` };
  const isAuthoritative = true;
  if (value !== undefined)
    return { found: [read(value)], cnames: [], isAuthenticated: false, isAuthoritative };
  const exists = [...zone.keys()].some((key) => key.endsWith(` ${name}`));
  return { missing: exists ? "no-record" : "no-domain", cnames: [], detail: `${name} has no ${type}` };
}

const resolver: Resolver = {
  resolveTxt: (name) => ask("TXT", name, (value) => [value]),
  resolveCname: (name) => ask("CNAME", name, (value) => value),
  resolveAddresses: (name) => ask("A", name, (address) => ({ address, family: 4 as const })),
  resolveMx: (name) => ask("MX", name, (mxHost) => ({ mxHost, preference: 10 })),
  resolveCaa: (name) => ask("CAA", name, (value) => ({ isCritical: false, tag: "issue", value })),
  resolveNs: (name) => ask("NS", name, (value) => value),
  resolveTlsa: () => Promise.reject(new Error("not asked here")),
};

function context(accountId: string, kind: "job" | "user" = "job") {
  return createContext(
    { db, now: () => new Date(nowMs) },
    accountId,
    { kind, id: "t", name: "test" },
    "editor",
  );
}

async function add(domain: string, accountId = "a1") {
  const row = await addDomain(context(accountId), { domain }, { settings, lookUpMx: async () => [] });
  const point = (owner: string, label: string) =>
    zone.set(`CNAME ${owner}.${domain}`, `${row.token}.${label}.hosted.example`);
  return {
    ...row,
    pointPolicyHost: () => point("mta-sts", "mta-sts"),
    pointStsRecord: () => point("_mta-sts", "_mta-sts"),
    pointTlsRptRecord: () => point("_smtp._tls", "_smtp-tls"),
    check: (actor: "job" | "user" = "job") =>
      checkDomain(context(accountId, actor), { domainId: row.id }, { resolver, settings, random: () => 0 }),
    states: async () => {
      const records = await db.setupRecord.findMany({ where: { accountId, domainId: row.id } });
      return Object.fromEntries(records.map(({ kind, state, seen }) => [kind, { state, seen }]));
    },
    events: async (kind: string) => db.event.count({ where: { accountId, domainId: row.id, kind } }),
    certificate: () =>
      db.certificateName.findUnique({ where: { accountId_host: { accountId, host: `mta-sts.${domain}` } } }),
  };
}

const claimOf = async (domain: string) => (await db.domainClaim.findUnique({ where: { domain } }))?.accountId;

test("each record has its own state, with the answer that was found instead", async () => {
  const domain = await add("states.com");
  zone.set("CNAME mta-sts.states.com", "other.example.net");
  zone.set("TXT _mta-sts.states.com", "v=STSv1; id=1;");
  zone.set("CNAME _smtp._tls.states.com", "!timeout");
  await domain.check();
  expect(await domain.states()).toEqual({
    policyHost: { state: "wrong", seen: "CNAME other.example.net" },
    stsRecord: { state: "wrong", seen: 'TXT "v=STSv1; id=1;"' },
    tlsRptRecord: { state: "unreachable", seen: "No answer from _smtp._tls.states.com" },
  });
  zone.clear();
  domain.pointTlsRptRecord();
  await domain.check();
  expect(await domain.states()).toEqual({
    policyHost: { state: "missing", seen: null },
    stsRecord: { state: "missing", seen: null },
    tlsRptRecord: { state: "correct", seen: null },
  });
});

test("a CNAME that was entered with the zone twice, or without the domain below the zone, is found and said", async () => {
  const domain = await add("mail.example.org");
  zone.set("NS example.org", "ns1.provider.example");
  const misplaced = async () => {
    await domain.check();
    const records = await db.setupRecord.findMany({ where: { domainId: domain.id } });
    return Object.fromEntries(records.map((record) => [record.kind, record.misplaced]));
  };
  const target = (label: string) => `${domain.token}.${label}.hosted.example`;
  zone.set("CNAME mta-sts.mail.example.org.example.org", target("mta-sts"));
  zone.set("CNAME _mta-sts.example.org", target("_mta-sts"));
  zone.set("CNAME _smtp._tls.mail.example.org.mail.example.org", "somebody.else.example");
  expect(await misplaced()).toEqual({
    policyHost: "mta-sts.mail.example.org.example.org",
    stsRecord: "_mta-sts.example.org",
    tlsRptRecord: null,
  });
  expect((await domain.states()).policyHost).toEqual({ state: "missing", seen: null });
  domain.pointPolicyHost();
  expect((await misplaced()).policyHost).toBeNull();
});

test("the name servers of the domain's zone are stored, and stay unchanged when DNS does not answer", async () => {
  const domain = await add("deep.example.net");
  const kept = async () => {
    const { dnsZone, nameservers } = await domain.check();
    return [dnsZone, nameservers];
  };
  expect(await kept()).toEqual([null, []]);
  zone.set("NS example.net", "ns1.provider.example");
  expect(await kept()).toEqual(["example.net", ["ns1.provider.example"]]);
  zone.set("NS example.net", "!timeout");
  expect(await kept()).toEqual(["example.net", ["ns1.provider.example"]]);
  zone.set("NS deep.example.net", "ns.closer.example");
  expect(await kept()).toEqual(["deep.example.net", ["ns.closer.example"]]);
});

test("RFC 1034 §3.6.2: a CNAME that arrives at our target by way of another is correct", async () => {
  const domain = await add("chained.com");
  zone.set("CNAME mta-sts.chained.com", "sts.customer.example");
  zone.set("CNAME sts.customer.example", `${domain.token}.mta-sts.hosted.example`);
  await domain.check();
  expect((await domain.states()).policyHost).toEqual({ state: "correct", seen: null });
});

test("a change of state is in the timeline once, and a record that is only unreachable has not stopped being correct", async () => {
  const domain = await add("timeline.com");
  domain.pointStsRecord();
  await domain.check();
  await domain.check();
  expect(await domain.events("setup.changed")).toBe(3);
  const key = { accountId: "a1", domainId: domain.id, kind: "stsRecord" } as const;
  const sinceOf = async () =>
    (await db.setupRecord.findUniqueOrThrow({ where: { accountId_domainId_kind: key } })).correctSince;
  const since = await sinceOf();
  nowMs += 60_000;
  zone.set("CNAME _mta-sts.timeline.com", "!timeout");
  await domain.check();
  expect(await sinceOf()).toEqual(since);
  zone.delete("CNAME _mta-sts.timeline.com");
  await domain.check();
  expect(await sinceOf()).toBeNull();
});

test("the next check is enqueued with the row, soon at first and then later and later, and soon again when a person asks", async () => {
  const domain = await add("schedule.com");
  const waits: number[] = [];
  for (let check = 0; check < 26; check++) {
    const { nextCheckAt } = await domain.check();
    waits.push(((nextCheckAt?.getTime() ?? 0) - nowMs) / 1_000);
    nowMs += 1_000;
  }
  expect(waits.slice(0, 12)).toEqual([5, 5, 10, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600]);
  expect(waits.at(-1)).toBe(6 * 3_600);
  const { nextCheckAt } = await domain.check("user");
  expect(nextCheckAt).toEqual(new Date(nowMs + 5_000));
  const jobs = await db.$queryRaw<{ runAt: Date }[]>`
    select run_at as "runAt" from graphile_worker.jobs where key = ${`domain.check:${domain.id}`}`;
  expect(jobs).toEqual([{ runAt: nextCheckAt }]);
});

test("the claim goes to the account that the policy host points at, is kept through an outage, and _mta-sts alone only takes what is free", async () => {
  const [mine, theirs] = [await add("claimed.com", "a1"), await add("claimed.com", "a2")];
  await mine.check();
  expect(await claimOf("claimed.com")).toBeUndefined();
  mine.pointStsRecord();
  await mine.check();
  expect(await claimOf("claimed.com")).toBe("a1");
  theirs.pointStsRecord();
  await theirs.check();
  expect(await claimOf("claimed.com")).toBe("a1");
  theirs.pointPolicyHost();
  await theirs.check();
  expect(await claimOf("claimed.com")).toBe("a2");
  const before = await db.servingChange.count({ where: { kind: "policy", key: "claimed.com" } });
  await theirs.check();
  zone.clear();
  await theirs.check();
  expect(await claimOf("claimed.com")).toBe("a2");
  expect(await db.servingChange.count({ where: { kind: "policy", key: "claimed.com" } })).toBe(before);
  expect(before).toBe(2);
});

test("RFC 8461 §5: an enforcing policy that returns from another account is testing when its mail hosts changed, and stays when not", async () => {
  const [first, second] = [await add("back.com"), await add("back.com", "a2")];
  const policyOf = () =>
    db.policyVersion.findFirstOrThrow({ where: { domainId: first.id }, orderBy: { version: "desc" } });
  const takeTurns = async () => {
    second.pointPolicyHost();
    await second.check();
    expect(await claimOf("back.com")).toBe("a2");
    first.pointPolicyHost();
    await first.check();
    expect(await claimOf("back.com")).toBe("a1");
  };
  zone.set("MX back.com", "mx1.back.com");
  first.pointPolicyHost();
  await first.check();
  await db.policyVersion.updateMany({
    where: { domainId: first.id },
    data: { mode: "enforce", mx: ["mx1.back.com"], state: "live" },
  });
  const { version } = await policyOf();
  const active = { status: "active" as const, servedVersion: version, publishedVersion: version };
  await db.domain.updateMany({ where: { id: first.id }, data: active });
  await takeTurns();
  expect(await policyOf()).toMatchObject({ version, mode: "enforce" });
  zone.set("MX back.com", "mx2.back.com");
  await takeTurns();
  expect(await policyOf()).toMatchObject({ version: version + 1, mode: "testing", mx: ["mx1.back.com"] });
  await takeTurns();
  expect(await policyOf()).toMatchObject({ version: version + 1 });
});

test("the certificate waits for the policy host, stops only after many checks without it, and starts again when it is back", async () => {
  const domain = await add("moving.com");
  domain.pointStsRecord();
  await domain.check();
  expect(await domain.certificate()).toBeNull();
  domain.pointPolicyHost();
  await domain.check();
  expect(await domain.certificate()).toMatchObject({ state: "waiting", domainId: domain.id });
  zone.delete("CNAME mta-sts.moving.com");
  for (let check = 0; check < 13; check++) await domain.check();
  expect((await domain.certificate())?.state).toBe("waiting");
  await domain.check();
  expect((await domain.certificate())?.state).toBe("stopped");
  await domain.check();
  expect(await domain.events("certificate.stopped")).toBe(1);
  domain.pointPolicyHost();
  await domain.check();
  expect(await domain.certificate()).toMatchObject({ state: "waiting", attempts: 0 });
});

test("a person who asks for a check gets a new look at what is stuck; the schedule does not hurry it", async () => {
  const domain = await add("stuck.com");
  domain.pointPolicyHost();
  await domain.check();
  const later = new Date(nowMs + 3_600_000);
  const where = { host: "mta-sts.stuck.com" };
  const stuck = {
    state: "failing",
    nextAttemptAt: later,
    attempts: 7,
    lastErrorCode: "preflight.http",
  } as const;
  await db.certificateName.updateMany({ where, data: stuck });
  await db.domain.updateMany({ where: { id: domain.id }, data: { publishProblem: "We fetched nothing." } });
  await db.$executeRaw`delete from graphile_worker._private_jobs`;
  await domain.check();
  expect((await domain.certificate())?.nextAttemptAt).toEqual(later);
  await domain.check("user");
  expect(await domain.certificate()).toMatchObject({ state: "waiting", nextAttemptAt: new Date(nowMs) });
  const jobs = await db.$queryRaw<{ job: string }[]>`
    select task_identifier as job from graphile_worker.jobs order by 1`;
  expect(jobs.map(({ job }) => job)).toEqual([
    "certificate.order",
    "domain.check",
    "policy.publish",
    "watch.evaluate",
  ]);
  await db.certificateName.updateMany({ where, data: { ...stuck, lastErrorCode: "ca.rateLimited" } });
  await domain.check("user");
  expect((await domain.certificate())?.nextAttemptAt).toEqual(later);
});

test("RFC 5321 §5.1: without MX records a domain with an address is its own mail host; what DNS does not answer stays", async () => {
  const domain = await add("mail.com");
  zone.set("A mail.com", "192.0.2.5");
  expect((await domain.check()).mxHosts).toEqual([{ mxHost: "mail.com", preference: 0 }]);
  zone.set("MX mail.com", "!timeout");
  expect((await domain.check()).mxHosts).toEqual([{ mxHost: "mail.com", preference: 0 }]);
  zone.set("MX mail.com", "mx.mail.com");
  expect((await domain.check()).mxHosts).toEqual([{ mxHost: "mx.mail.com", preference: 10 }]);
  expect(await domain.events("mx.changed")).toBe(2);
});

test("another account's domain is not found, and one that has left is not looked at", async () => {
  const domain = await add("tenant.com");
  const other = checkDomain(context("a2"), { domainId: domain.id }, { resolver, settings });
  await expect(other).rejects.toMatchObject({ code: "not_found" });
  await db.domain.updateMany({ where: { id: domain.id }, data: { status: "left" } });
  expect((await domain.check()).checkedAt).toBeNull();
});

test("of two simultaneous checks the later observation is kept, even when the earlier one writes last", async () => {
  const domain = await add("overtaken.example");
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const slow: Resolver = {
    ...resolver,
    resolveCname: async (name) => {
      const seenBefore = await resolver.resolveCname(name);
      asked.resolve();
      await gate.promise;
      return seenBefore;
    },
  };
  const earlier = checkDomain(context("a1"), { domainId: domain.id }, { resolver: slow, settings });
  await asked.promise;
  nowMs += 1_000;
  domain.pointPolicyHost();
  await domain.check("user");
  gate.resolve();
  await earlier;
  expect((await domain.states()).policyHost?.state).toBe("correct");
});

test("a CNAME into our own zone that misses this domain is kept as what it is", async () => {
  const domain = await add("misdirected.com");
  zone.set("CNAME mta-sts.misdirected.com", `${"b".repeat(16)}.mta-sts.hosted.example`);
  zone.set("CNAME _mta-sts.misdirected.com", `${domain.token}.mta-sts.hosted.example`);
  zone.set("CNAME _smtp._tls.misdirected.com", "typo._smtp-tls.hosted.example");
  await domain.check();
  const misdirected = async () => {
    const records = await db.setupRecord.findMany({ where: { domainId: domain.id } });
    return Object.fromEntries(records.map((record) => [record.kind, record.misdirected]));
  };
  expect(await misdirected()).toEqual({
    policyHost: "otherToken",
    stsRecord: "otherRecord",
    tlsRptRecord: "unknownName",
  });
  domain.pointPolicyHost();
  await domain.check();
  expect((await misdirected()).policyHost).toBeNull();
});
