import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { DnsAnswer, MxRecord, OtherResolvers } from "@waxseal/probes";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createContext, jobActor } from "../context.ts";
import { addDomain } from "./add-domain.ts";
import { lookAtDueMx } from "./look-at-due-mx.ts";

const settings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: [],
};
const START = new Date("2026-03-15T12:00:00Z");
type Answer = string[] | "NXDOMAIN" | "SERVFAIL";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

function resolverOf(answer: () => Answer): Awaited<ReturnType<OtherResolvers>>[number] {
  const resolveMx = async (): Promise<DnsAnswer<MxRecord>> => {
    const names = answer();
    if (names === "NXDOMAIN") return { missing: "no-domain", cnames: [], detail: "" };
    if (names === "SERVFAIL") return { missing: "server-failure", cnames: [], detail: "" };
    const found = names.map((mxHost) => ({ mxHost, preference: 10 }));
    return { found, cnames: [], isAuthenticated: false };
  };
  const resolveAddresses = async () => ({ missing: "no-record" as const, cnames: [], detail: "" });
  return { resolveMx, resolveAddresses };
}

/** A domain that is being set up, with the draft that its first MX host needs. */
async function prepare(domain: string) {
  const { db } = database;
  let minutes = 0;
  const answers: { first: Answer; other: Answer } = { first: [`mx1.${domain}`], other: [`mx1.${domain}`] };
  const source = { db, now: () => new Date(START.getTime() + minutes * 60_000) };
  const ctx = createContext(source, domain, jobActor("test"));
  await db.organization.create({ data: { id: domain, name: domain, slug: domain, createdAt: START } });
  const first = [{ mxHost: `mx1.${domain}`, preference: 10 }];
  const { id } = await addDomain(ctx, { domain }, { settings, lookUpMx: async () => first });
  const key = { accountId_id: { accountId: domain, id } };
  const row = () => db.domain.findUniqueOrThrow({ where: key });
  return {
    answers,
    row,
    async look(at: number, first: Answer, other: Answer = first) {
      Object.assign(answers, { first, other });
      minutes = at;
      await db.domain.updateMany({ where: { NOT: { id } }, data: { nextMxLookAt: new Date("2099-01-01") } });
      await db.domain.update({ where: key, data: { nextMxLookAt: source.now() } });
      const resolver = resolverOf(() => answers.first);
      const otherResolvers = async () => [resolverOf(() => answers.other)];
      return lookAtDueMx(source, { resolver, otherResolvers, random: () => 0.5 }, { longestMs: 10_000 });
    },
    minutesUntilNext: async () => ((await row()).nextMxLookAt.getTime() - START.getTime()) / 60_000 - minutes,
    draft: async () => {
      const { servedVersion: version } = await row();
      return (await db.policyVersion.findFirstOrThrow({ where: { domainId: id, version: version ?? 0 } })).mx;
    },
    changes: () => db.event.count({ where: { domainId: id, kind: "mx.changed" } }),
    sightings: () => db.mxSighting.findMany({ where: { domainId: id }, orderBy: { mxHost: "asc" } }),
  };
}

test("a change that another resolver confirms counts at once: the draft follows and the old host keeps its last day", async () => {
  const domain = await prepare("moves.com");
  await domain.look(1, ["mx1.moves.com"]);
  expect(await domain.minutesUntilNext()).toBe(60);
  expect(await domain.look(200, ["mx1.moves.com"])).toEqual({ looks: 1, changed: 0, unanswered: 0 });
  expect(await domain.look(260, ["mx2.moves.com"])).toMatchObject({ changed: 1 });
  expect(await domain.draft()).toEqual(["mx2.moves.com"]);
  expect(await domain.sightings()).toMatchObject([
    { mxHost: "mx1.moves.com", lastSeenAt: new Date(START.getTime() + 200 * 60_000) },
    { mxHost: "mx2.moves.com", firstSeenAt: new Date(START.getTime() + 260 * 60_000) },
  ]);
});

test("a change that another resolver contradicts changes nothing", async () => {
  const domain = await prepare("spoofed.com");
  for (const minute of [0, 15, 30]) {
    expect(await domain.look(minute, ["mx.spoof.example"], ["mx1.spoofed.com"])).toMatchObject({
      changed: 0,
    });
  }
  expect([await domain.draft(), await domain.changes()]).toEqual([["mx1.spoofed.com"], 0]);
});

test("a zone that answers NXDOMAIN for a moment, everywhere, redraws no draft; one that goes on does", async () => {
  const domain = await prepare("reloads.com");
  await domain.look(0, "NXDOMAIN");
  expect(await domain.draft()).toEqual(["mx1.reloads.com"]);
  expect((await domain.row()).mxHosts).toMatchObject([{ mxHost: "mx1.reloads.com" }]);
  await domain.look(5, ["mx1.reloads.com"]);
  expect((await domain.row()).mxUncounted).toBeNull();
  await domain.look(12, "NXDOMAIN");
  expect(await domain.changes()).toBe(0);
  await domain.look(22, "NXDOMAIN");
  expect([await domain.draft(), await domain.changes()]).toEqual([["reloads.com"], 1]);
});

test("a change that no other resolver can confirm is looked at again after ten minutes, and counts then", async () => {
  const domain = await prepare("alone.com");
  await domain.look(0, ["mx2.alone.com"], "SERVFAIL");
  expect(await domain.minutesUntilNext()).toBeCloseTo(10.5);
  expect(await domain.changes()).toBe(0);
  await domain.look(11, ["mx2.alone.com"], "SERVFAIL");
  expect(await domain.changes()).toBe(1);
});

test("no answer is neither a change nor a confirmation", async () => {
  const domain = await prepare("silent.com");
  expect(await domain.look(20, "SERVFAIL")).toEqual({ looks: 1, changed: 0, unanswered: 1 });
  expect(await domain.row()).toMatchObject({ mxCheckedAt: START, mxUncounted: null });
  expect(await domain.minutesUntilNext()).toBe(60);
});
