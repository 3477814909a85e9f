import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { createTestSurroundings } from "../../testing/create-test-surroundings.ts";
import { createContext } from "../context.ts";
import { applyDueWaves } from "./apply-due-waves.ts";
import { continuePolicyChange } from "./continue-policy-change.ts";
import { getPolicyChange, listPolicyLines } from "./get-policy-change.ts";
import { preparePolicyChange } from "./prepare-policy-change.ts";
import { revertPolicyChange } from "./revert-policy-change.ts";

const NOW = new Date("2026-03-15T12:00:00Z");
let nowMs = NOW.getTime();

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());
// Workers go on with the changes of every account.
afterEach(() => database.db.policyChange.updateMany({ data: { endedAt: NOW } }));

const edit = { mode: "enforce" as const, addMx: [], removeMx: [] };

/** An account with active domains in testing that share one good MX host, each with reports; `bad` ones have an expired certificate of their own. */
async function createAccount(count: number, bad: readonly number[] = []) {
  const { db } = database;
  const accountId = randomUUID();
  await db.organization.create({ data: { id: accountId, name: accountId, slug: accountId, createdAt: NOW } });
  const domains = Array.from({ length: count }, (_, n) => {
    const name = `d${String(n).padStart(3, "0")}.example`;
    const mxHost = bad.includes(n) ? `expired.${name}` : "mx.shared.example";
    return { id: randomUUID(), name, mxHost };
  });
  await db.domain.createMany({
    data: domains.map(({ id, name, mxHost }) => ({
      ...{ accountId, id, domain: name, token: id, status: "active" as const, createdAt: NOW, activeAt: NOW },
      ...{ servedVersion: 1, publishedVersion: 1, mxCheckedAt: NOW, mxHosts: [{ mxHost, preference: 10 }] },
    })),
  });
  await db.policyVersion.createMany({
    data: domains.map(({ id, mxHost }) => ({
      ...{ accountId, domainId: id, version: 1, policyId: "1", mode: "testing" as const, mx: [mxHost] },
      ...{ maxAgeSeconds: 604_800, state: "live" as const, createdAt: NOW, createdBy: "test" },
    })),
  });
  // That they have enforced before stands in for reports: nothing is known of the mail of a new domain.
  await db.policyVersion.createMany({
    data: domains.map(({ id, mxHost }) => ({
      ...{ accountId, domainId: id, version: 0, policyId: "0", mode: "enforce" as const, mx: [mxHost] },
      ...{ maxAgeSeconds: 604_800, state: "superseded" as const, createdAt: NOW, publishedAt: NOW },
      createdBy: "test",
    })),
  });
  for (const n of bad) {
    const mxHost = domains[n]?.mxHost ?? "";
    const looks = { probedAt: NOW, looksBad: 2, badSince: NOW, confirmedAt: NOW };
    await db.mxHostProbe.create({
      data: {
        ...{ mxHost, vantage: "own", address: "", state: "bad", fault: "certificate-expired" },
        ...{ ...looks, confirmedState: "bad", confirmedFault: "certificate-expired" },
      },
    });
  }
  const source = { db, now: () => new Date(nowMs) };
  const ctx = createContext(source, accountId, { kind: "user", id: "u", name: "Anna" }, "editor");
  const seen = createTestSurroundings("mx.shared.example");
  const { probeMxHost } = seen;
  const tested: string[] = [];
  seen.probeMxHost = (mxHost) => {
    tested.push(mxHost);
    return probeMxHost(mxHost);
  };
  const prepare = async () => (await preparePolicyChange(ctx, { filter: {}, edit })).id;
  const apply = (changeId: string, limit = 25) => continuePolicyChange(ctx, { changeId, limit }, seen);
  const work = () => applyDueWaves(source, seen);
  /** As if each mail host was tested now. */
  const test = () => db.mxHostProbe.updateMany({ data: { probedAt: new Date(nowMs) } });
  const show = (changeId: string) => getPolicyChange(ctx, { changeId });
  return { ctx, accountId, domains, tested, prepare, apply, work, test, show };
}

test("of 200 domains three with a broken mail host are refused before anything is changed, and the others go in waves", async () => {
  const { ctx, tested, prepare, apply } = await createAccount(200, [7, 17, 137]);
  const changeId = await prepare();
  const { items } = await listPolicyLines(ctx, { changeId, limit: 1_000 });
  const refused = items.filter(({ state }) => state === "refused");
  expect(refused.map(({ domain }) => domain)).toEqual(["d007.example", "d017.example", "d137.example"]);
  expect(refused[0]).toMatchObject({
    reason: expect.stringContaining("expired"),
    assessment: { verdict: "stop", hostsGood: 0, hosts: 1 },
  });
  const sizes = [0, 1, 2].map(
    (wave) => items.filter((line) => line.state === "waiting" && line.wave === wave).length,
  );
  expect(sizes).toEqual([5, 40, 152]);
  expect(await apply(changeId)).toMatchObject({
    applied: 5,
    waiting: 192,
    wave: 1,
    waves: 3,
    nextWaveAt: new Date(nowMs + DAY_MS).toISOString(),
  });
  // The preview connects to nothing, and domains that share a mail host have it tested once.
  expect(tested).toEqual(["mx.shared.example"]);
  await expect(apply(changeId)).rejects.toMatchObject({ code: "conflict" });
  nowMs += DAY_MS;
  for (const applied of [7, 9]) expect(await apply(changeId, 2)).toMatchObject({ applied, nextWaveAt: null });
  expect(tested).toHaveLength(2);
});

test("something critical at a changed domain stops the change; all of it is taken back, except what was changed since", async () => {
  const { ctx, accountId, domains, prepare, apply } = await createAccount(21);
  const changeId = await prepare();
  await apply(changeId);
  nowMs += DAY_MS;
  const [first] = domains;
  const at = new Date(nowMs);
  const seen = { firstSeenAt: at, openedAt: at, lastSeenAt: at, lookedAt: at, looksBad: 2, looksGood: 0 };
  await database.db.alert.create({
    data: {
      ...{ accountId, domainId: first?.id ?? "", condition: "mx.badTls", subject: "mx.shared.example" },
      ...{ ...seen, severity: "critical", state: "open", evidence: {} },
    },
  });
  expect(await apply(changeId)).toMatchObject({
    applied: 5,
    stopped: 16,
    haltReason: expect.stringContaining("d000.example"),
  });
  await database.db.policyVersion.create({
    data: {
      ...{
        accountId,
        domainId: domains[1]?.id ?? "",
        version: 9,
        policyId: "9",
        mode: "none",
        mx: ["a.example"],
      },
      ...{ maxAgeSeconds: 86_400, createdAt: at, createdBy: "test" },
    },
  });
  const back = await revertPolicyChange(ctx, { changeId });
  expect(back).toMatchObject({ revertsId: changeId, waiting: 4, refused: 1 });
  expect(await apply(back.id)).toMatchObject({ applied: 4, endedAt: expect.any(String) });
  const newest = await database.db.policyVersion.findFirstOrThrow({
    where: { accountId, domainId: first?.id ?? "" },
    orderBy: { version: "desc" },
  });
  expect(newest).toMatchObject({ version: 3, mode: "testing" });
});

test("later waves begin without a person: a day later, when the mail hosts were tested since, once also with two workers", {
  timeout: 60_000,
}, async () => {
  const { accountId, prepare, apply, work, test, show } = await createAccount(21);
  const [changeId, untouched] = [await prepare(), await prepare()];
  expect(await apply(changeId)).toMatchObject({ applied: 5, goesOn: true });
  nowMs += DAY_MS - 1;
  await test();
  await work();
  expect(await show(changeId)).toMatchObject({ applied: 5 });
  nowMs += 1;
  await database.db.mxHostProbe.updateMany({ data: { probedAt: new Date(nowMs - DAY_MS) } });
  await work();
  expect(await show(changeId)).toMatchObject({ applied: 5 });
  await test();
  await Promise.all([work(), work()]);
  const next = new Date(nowMs + DAY_MS).toISOString();
  expect(await show(changeId)).toMatchObject({ applied: 10, wave: 2, nextWaveAt: next });
  expect(await show(untouched)).toMatchObject({ applied: 0, waiting: 21, goesOn: false });
  const began = await database.db.event.findMany({ where: { accountId, kind: "policyChange.continued" } });
  expect(began.map(({ actorName }) => actorName)).toEqual(["Waxseal, for Anna"]);
});

test("a wave that a killed worker left half done is finished by another one when the claim is over", async () => {
  const { ctx, accountId, prepare, apply, work, test, show } = await createAccount(21);
  const changeId = await prepare();
  await apply(changeId);
  nowMs += DAY_MS;
  await test();
  await apply(changeId, 2);
  const key = { accountId_id: { accountId, id: changeId } };
  const claimedUntil = new Date(nowMs + 180_000);
  await ctx.db.policyChange.update({ where: key, data: { claimedUntil } });
  await work();
  expect(await show(changeId)).toMatchObject({ applied: 7 });
  nowMs += 180_000;
  await work();
  expect(await show(changeId)).toMatchObject({ applied: 10, wave: 2 });
});

test("a serious problem ends a change while its next wave waits, and so does the end of the account; a closing customer keeps its policies", {
  timeout: 60_000,
}, async () => {
  const [failing, closing, provider] = await Promise.all([21, 21, 21].map((count) => createAccount(count)));
  if (!failing || !closing || !provider) throw new Error("no accounts");
  const { db } = database;
  for (const one of [failing, closing, provider]) await one.apply(await one.prepare());
  const at = new Date(nowMs);
  const seen = { firstSeenAt: at, openedAt: at, lastSeenAt: at, lookedAt: at, looksBad: 2, looksGood: 0 };
  await db.alert.create({
    data: {
      ...{ accountId: failing.accountId, domainId: failing.domains[0]?.id ?? "", condition: "mx.badTls" },
      ...{ ...seen, subject: "mx.shared.example", severity: "critical", state: "open", evidence: {} },
    },
  });
  const close = (id: string) => db.organization.update({ where: { id }, data: { closingAt: at } });
  await close(closing.accountId);
  // The domains of the third account become those of a customer that is being deleted.
  const customerId = randomUUID();
  const named = { name: customerId, slug: customerId, createdAt: NOW, closingAt: at };
  await db.organization.create({ data: { ...named, id: customerId, parentId: provider.accountId } });
  await db.policyChangeLine.updateMany({
    where: { accountId: provider.accountId, state: "waiting" },
    data: { ownerId: customerId },
  });
  await failing.work();
  const find = async ({ accountId }: { accountId: string }) =>
    db.policyChange.findFirstOrThrow({ where: { accountId } });
  expect((await find(failing)).haltReason).toContain("d000.example");
  expect((await find(closing)).haltReason).toContain("is being deleted");
  nowMs += DAY_MS;
  await provider.test();
  await provider.work();
  const refused = await db.policyChangeLine.findMany({
    where: { accountId: provider.accountId, state: "refused" },
  });
  expect(refused.map(({ reason }) => reason)).toEqual(Array(5).fill("Its account is being deleted."));
});
