import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { Resolver } from "@waxseal/probes";
import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import type { Context } from "../context.ts";
import { checkDomainMx } from "./check-domain-mx.ts";
import { blameHandshakeFailure, explainHandshakeFailure } from "./explain-handshake-failure.ts";
import { explainMxPattern } from "./explain-mx-pattern.ts";
import { findDnsZone } from "./find-dns-zone.ts";
import { findMisplacedName } from "./find-misplaced-name.ts";
import { findUncoveredMx } from "./find-uncovered-mx.ts";
import { getDomain, lockDomain } from "./get-domain.ts";
import { isCertificateFailing } from "./is-certificate-failing.ts";
import { keepDomainMx } from "./keep-domain-mx.ts";
import { keepMxSightings } from "./keep-mx-sightings.ts";
import { readMxHosts, readStoredMx } from "./read-mx-hosts.ts";
import { listFilters, removeFilter, saveFilter } from "./save-filter.ts";
import { type SeenMx, seeDomainMx } from "./see-domain-mx.ts";

let at = new Date("2026-03-15T06:00:00Z");
const now = () => at;
const wait = (minutes: number) => {
  at = new Date(at.getTime() + minutes * MINUTE_MS);
};
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const mx = (...names: string[]) => names.map((mxHost, place) => ({ mxHost, preference: 10 * (place + 1) }));
let domains = 0;
async function startDomain() {
  const ctx = await createTestAccount(database.db, now);
  const { domainId } = await createTestDomain(ctx, `kept${domains++}.example`);
  return { ctx, domainId };
}
/** Stores what DNS answered, as a check does. */
const keep = (ctx: Context, domainId: string, names: string[], opinion: SeenMx["opinion"] = "agrees") =>
  ctx.inTransaction(async (db) => {
    const domain = await lockDomain(db, ctx.accountId, domainId);
    return keepDomainMx(db, ctx, domain, { mxHosts: mx(...names), opinion });
  });
const hostsOf = async (ctx: Context, id: string) =>
  readMxHosts(await getDomain(database.db, ctx.accountId, id)).map(({ mxHost }) => mxHost);
const changes = (ctx: Context) =>
  database.db.event.count({ where: { accountId: ctx.accountId, kind: "mx.changed" } });
const sightings = async (domainId: string) =>
  database.db.mxSighting.findMany({ where: { domainId }, orderBy: { mxHost: "asc" } });

test("the first answer counts at once and is no change, also an unconfirmed one", async () => {
  const { ctx, domainId } = await startDomain();
  expect(await keep(ctx, domainId, ["a.example"], "disagrees")).toMatchObject({ isChanged: true });
  expect(await hostsOf(ctx, domainId)).toEqual(["a.example"]);
  expect(await changes(ctx)).toBe(0);
});

test("the same hosts again are no change; other preferences are kept", async () => {
  const { ctx, domainId } = await startDomain();
  await keep(ctx, domainId, ["a.example", "b.example"]);
  wait(1);
  expect(await keep(ctx, domainId, ["b.example", "a.example"], "disagrees")).toMatchObject({
    isChanged: false,
  });
  expect(await hostsOf(ctx, domainId)).toEqual(["b.example", "a.example"]);
  expect(await changes(ctx)).toBe(0);
});

test("a confirmed change counts, is in the timeline, and ends the sighting of the host that went at the last look", async () => {
  const { ctx, domainId } = await startDomain();
  await keep(ctx, domainId, ["old.example", "both.example"]);
  wait(5);
  const lastLook = at;
  // A look that saw no change moves this instant only.
  await database.db.domain.updateMany({ where: { id: domainId }, data: { mxCheckedAt: lastLook } });
  wait(5);
  expect(await keep(ctx, domainId, ["both.example", "new.example"])).toMatchObject({ isChanged: true });
  expect(await changes(ctx)).toBe(1);
  const lastSeen = Object.fromEntries((await sightings(domainId)).map((row) => [row.mxHost, row.lastSeenAt]));
  expect(lastSeen).toEqual({ "both.example": at, "new.example": at, "old.example": lastLook });
});

test("a change that does not count yet is kept beside the hosts that do, and counts when it lasts ten minutes", async () => {
  const { ctx, domainId } = await startDomain();
  await keep(ctx, domainId, ["old.example"]);
  expect(await keep(ctx, domainId, ["new.example"], "none")).toBeUndefined();
  expect(await hostsOf(ctx, domainId)).toEqual(["old.example"]);
  wait(9);
  expect(await keep(ctx, domainId, ["new.example"], "none")).toBeUndefined();
  wait(1);
  expect(await keep(ctx, domainId, ["new.example"], "none")).toMatchObject({ isChanged: true });
  expect(await hostsOf(ctx, domainId)).toEqual(["new.example"]);
  expect((await getDomain(database.db, ctx.accountId, domainId)).mxUncounted).toBeNull();
});

test("an uncounted change that goes away leaves nothing behind", async () => {
  const { ctx, domainId } = await startDomain();
  await keep(ctx, domainId, ["old.example"]);
  await keep(ctx, domainId, ["new.example"], "none");
  wait(9);
  await keep(ctx, domainId, ["old.example"], "none");
  wait(9);
  expect(await keep(ctx, domainId, ["new.example"], "none")).toBeUndefined();
});

test("a host with two preferences has the lower one, a host of two domains is probed once, and a null MX never", async () => {
  const [one, other] = [await startDomain(), await startDomain()];
  const hosts = [
    { mxHost: "twice.example", preference: 20 },
    { mxHost: "twice.example", preference: 5 },
    { mxHost: ".", preference: 0 },
  ];
  for (const { ctx, domainId: id } of [one, other])
    await ctx.inTransaction((db) => keepMxSightings(db, { accountId: ctx.accountId, id }, hosts, at));
  expect((await sightings(one.domainId)).map(({ mxHost, preference }) => [mxHost, preference])).toEqual([
    [".", 0],
    ["twice.example", 5],
  ]);
  const watched = await database.db.mxHostWatch.findMany({
    where: { mxHost: { in: ["twice.example", "."] } },
  });
  expect(watched.map(({ mxHost, nextProbeAt }) => [mxHost, nextProbeAt])).toEqual([["twice.example", at]]);
});

const missing = (why: string) => ({ missing: why, cnames: [], detail: why });
const found = <T>(values: T, more: object = {}) => ({
  found: values,
  isAuthenticated: false,
  cnames: [],
  ...more,
});
/** A resolver with these answers by name and type; everything else does not exist. */
const answering = (answers: Record<string, unknown>) => {
  const ask = (type: string) => async (name: string) => answers[`${name} ${type}`] ?? missing("no-domain");
  return {
    resolveMx: ask("MX"),
    resolveAddresses: ask("A"),
    resolveNs: ask("NS"),
    resolveCname: ask("CNAME"),
  } as unknown as Resolver;
};

test.each<[string, Record<string, unknown>, string[] | undefined]>([
  ["its MX hosts", { "x.example MX": found(mx("a.example", "b.example")) }, ["a.example", "b.example"]],
  ["RFC 7505 §3: a null MX, as it is", { "x.example MX": found([{ mxHost: ".", preference: 0 }]) }, ["."]],
  [
    "RFC 5321 §5.1: itself, without MX records but with an address",
    { "x.example MX": missing("no-record"), "x.example A": found(["192.0.2.1"]) },
    ["x.example"],
  ],
  [
    "nothing, without either",
    { "x.example MX": missing("no-record"), "x.example A": missing("no-record") },
    [],
  ],
  ["nothing, when it does not exist", {}, []],
  ["nothing known, when DNS does not answer", { "x.example MX": missing("timeout") }, undefined],
  [
    "nothing known, when DNS does not answer for the address",
    { "x.example MX": missing("no-record"), "x.example A": missing("server-failure") },
    undefined,
  ],
])("the mail of a domain goes to %s", async (_what, answers, expected) => {
  const hosts = await checkDomainMx(answering(answers), "x.example");
  expect(hosts?.map(({ mxHost }) => mxHost)).toEqual(expected);
});

test("at most a hundred of a thousand MX records are kept", async () => {
  const many = mx(...Array.from({ length: 1_000 }, (_, n) => `mx${n}.example`));
  expect(await checkDomainMx(answering({ "x.example MX": found(many) }), "x.example")).toHaveLength(100);
});

const stored = { domain: "x.example", mxHosts: mx("old.example"), mxCheckedAt: at };
const saying = (names: string[], more: object = {}) =>
  answering({ "x.example MX": found(mx(...names), more) });
test.each<[string, string, object, Resolver, Resolver[] | undefined]>([
  ["the stored hosts need no second opinion", "agrees", stored, saying(["old.example"]), undefined],
  ["a first look needs none", "agrees", { ...stored, mxCheckedAt: null }, saying(["new.example"]), []],
  [
    "an answer of the zone's own server needs none",
    "agrees",
    stored,
    saying(["n"], { isAuthoritative: true }),
    [],
  ],
  ["without others there is none", "none", stored, saying(["new.example"]), undefined],
  ["another that says the same agrees", "agrees", stored, saying(["n"]), [saying(["n"])]],
  [
    "another that says otherwise disagrees",
    "disagrees",
    stored,
    saying(["n"]),
    [saying(["old.example"]), saying(["n"])],
  ],
  [
    "one that does not answer is passed over",
    "agrees",
    stored,
    saying(["n"]),
    [answering({ "x.example MX": missing("timeout") }), saying(["n"])],
  ],
  [
    "none that answers is none",
    "none",
    stored,
    saying(["n"]),
    [answering({ "x.example MX": missing("timeout") })],
  ],
])("a second opinion on changed MX hosts: %s", async (_what, opinion, domain, resolver, others) => {
  const deps = { resolver, ...(others && { otherResolvers: async () => others }) };
  expect((await seeDomainMx(domain as typeof stored, deps as never))?.opinion).toBe(opinion);
});

test("a DNS that does not answer has seen nothing, and no one else is asked", async () => {
  const resolver = answering({ "x.example MX": missing("timeout") });
  const otherResolvers = () => Promise.reject(new Error("was asked"));
  expect(await seeDomainMx(stored, { resolver, otherResolvers } as never)).toBeUndefined();
});

test("stored hosts that this release cannot read are none, and before the first look there are none", () => {
  expect(readStoredMx([{ host: "a" }])).toEqual([]);
  expect(readMxHosts({ mxHosts: mx("a.example"), mxCheckedAt: null })).toEqual([]);
  const hosts = [
    ...mx("a.example"),
    { mxHost: ".", preference: 0 },
    { mxHost: "first.example", preference: 1 },
  ];
  expect(readMxHosts({ mxHosts: hosts, mxCheckedAt: at }).map(({ mxHost }) => mxHost)).toEqual([
    "first.example",
    "a.example",
  ]);
});

test("RFC 8461 §4.1: hosts that no pattern allows are named, those behind a wildcard one label up are not", () => {
  const domain = { mxHosts: mx("a.mx.example", "b.a.mx.example", "c.example"), mxCheckedAt: at };
  expect(findUncoveredMx(domain, { mx: ["*.mx.example", "c.example"] })).toEqual(["b.a.mx.example"]);
  expect(findUncoveredMx({ ...domain, mxCheckedAt: null }, { mx: [] })).toEqual([]);
});

const TARGET = "t1.policy.hosted.example";
test.each([
  ["with the zone twice", "mta-sts.x.example.x.example", undefined],
  ["with the domain twice below a zone", "mta-sts.m.x.example.m.x.example", "x.example"],
  ["without the domain", "mta-sts.x.example", "x.example"],
])("a CNAME entered %s is found", async (_what, place, zone) => {
  const domain = zone ? "m.x.example" : "x.example";
  const resolver = answering({ [`${place} CNAME`]: found([TARGET]) });
  const record = { name: `mta-sts.${domain}`, domain, target: TARGET, zone };
  expect(await findMisplacedName(resolver, record)).toBe(place);
  expect(
    await findMisplacedName(answering({ [`${place} CNAME`]: found(["other.example"]) }), record),
  ).toBeUndefined();
});

test.each<[string, Record<string, unknown>, object | undefined]>([
  [
    "its own",
    { "a.b.example NS": found(["ns2.example", "ns1.example", "ns1.example"]) },
    { zone: "a.b.example", nameservers: ["ns1.example", "ns2.example"] },
  ],
  [
    "its parent's",
    { "b.example NS": found(["ns1.example"]) },
    { zone: "b.example", nameservers: ["ns1.example"] },
  ],
  ["never a top-level domain's", { "example NS": found(["ns1.example"]) }, undefined],
  [
    "not that behind a CNAME",
    { "a.b.example NS": found(["x"], { cnames: ["y"] }), "b.example NS": found(["ns1.example"]) },
    { zone: "b.example", nameservers: ["ns1.example"] },
  ],
  [
    "unknown while DNS does not answer",
    { "a.b.example NS": missing("timeout"), "b.example NS": found(["ns1.example"]) },
    undefined,
  ],
])("RFC 1034 §4.2: the zone of a domain is %s", async (_what, answers, expected) => {
  expect(await findDnsZone(answering(answers), "a.b.example")).toEqual(expected);
});

test.each([
  ["*.mail.protection.outlook.com", /only Microsoft can have hosts here/],
  ["x-example.mx.microsoft", /only Microsoft can have hosts here/],
  ["aspmx.l.google.com", /does not cover it/],
  ["*.mx.example", /Allows every host one label below mx\.example/],
  ["unused.example", /no MX host needs it now/],
  ["x.example", /The domain itself takes its mail/],
  ["a.mx.example", /By name, so that no other host is allowed/],
  ["__proto__", /no MX host needs it now/],
])("RFC 8461 §4.1: the pattern %s is explained", (pattern, words) => {
  expect(explainMxPattern(pattern, "x.example", ["x.example", "a.mx.example"])).toMatch(words);
});

test.each([
  ["no-certificate", "us"],
  ["unavailable", "us"],
  ["unsupported-protocol", "client"],
  ["sslv3-alert-certificate-expired", "client"],
  ["econnreset", "unknown"],
  ["http-request", "unknown"],
  ["constructor", "unknown"],
])("RFC 8461 §3.3: the failed handshake %s is the fault of: %s", (reason, blame) => {
  expect(blameHandshakeFailure(reason)).toBe(blame);
  expect(explainHandshakeFailure(reason)).toMatch(/^[A-Z].*\.$/);
});

test.each([
  ["failing", 1, true],
  ["ordering", 1, true],
  ["ordering", 0, false],
  ["issued", 3, false],
  ["stopped", 3, false],
] as const)("a certificate in the state %s after %i failures is failing: %s", (state, attempts, expected) => {
  expect(isCertificateFailing({ state, attempts })).toBe(expected);
});

test("another account's domain, a missing one and an id that is none are answered alike", async () => {
  const [{ ctx: mine }, { domainId }] = [await startDomain(), await startDomain()];
  const refusals = await Promise.all(
    [domainId, randomUUID(), "none", ""].flatMap((id) => [
      getDomain(database.db, mine.accountId, id).catch(({ code, message }) => `${code} ${message}`),
      mine
        .inTransaction((db) => lockDomain(db, mine.accountId, id))
        .catch(({ code, message }) => `${code} ${message}`),
    ]),
  );
  expect(new Set(refusals)).toEqual(new Set(["not_found There is no such domain."]));
});

test("a saved filter is the account's own, replaced by its name and removed once", async () => {
  const [{ ctx }, { ctx: other }] = [await startDomain(), await startDomain()];
  const save = (search: Record<string, string>) => saveFilter(ctx, { page: "domains", name: "Mine", search });
  const { id } = await save({ q: "a" });
  await save({ q: "b" });
  expect((await listFilters(ctx)).items).toMatchObject([{ id, search: { q: "b" } }]);
  expect(await listFilters(other)).toEqual({ items: [], nextCursor: null });
  await expect(removeFilter(other, { filterId: id })).rejects.toMatchObject({ code: "not_found" });
  const outcomes = await Promise.allSettled([1, 2].map(() => removeFilter(ctx, { filterId: id })));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const [event] = await database.db.event.findMany({
    where: { accountId: ctx.accountId, kind: "savedFilter.removed" },
  });
  expect(event?.data).toMatchObject({ before: { q: "b" } });
  const viewer = { ...ctx, role: "viewer" } as const;
  await expect(saveFilter(viewer, { page: "domains", name: "V", search: {} })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(removeFilter(viewer, { filterId: id })).rejects.toMatchObject({ code: "forbidden" });
});
