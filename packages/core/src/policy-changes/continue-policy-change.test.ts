import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestSurroundings } from "../../testing/create-test-surroundings.ts";
import { createContext } from "../context.ts";
import { continuePolicyChange } from "./continue-policy-change.ts";
import { listPolicyLines } from "./get-policy-change.ts";
import { preparePolicyChange } from "./prepare-policy-change.ts";
import { revertPolicyChange } from "./revert-policy-change.ts";

const NOW = new Date("2026-03-15T12:00:00Z");
const DAY_MS = 86_400_000;
let nowMs = NOW.getTime();

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

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
  const prepare = async () => (await preparePolicyChange(ctx, { filter: {}, edit })).id;
  const apply = (changeId: string, limit = 25) => continuePolicyChange(ctx, { changeId, limit }, seen);
  return { ctx, accountId, domains, prepare, apply };
}

test("of 200 domains three with a broken mail host are refused before anything is changed, and the others go in waves", async () => {
  const { ctx, prepare, apply } = await createAccount(200, [7, 77, 177]);
  const changeId = await prepare();
  const { items } = await listPolicyLines(ctx, { changeId, limit: 1_000 });
  const refused = items.filter(({ state }) => state === "refused");
  expect(refused.map(({ domain }) => domain)).toEqual(["d007.example", "d077.example", "d177.example"]);
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
  await expect(apply(changeId)).rejects.toMatchObject({ code: "conflict" });
  nowMs += DAY_MS;
  expect(await apply(changeId, 2)).toMatchObject({ applied: 7, nextWaveAt: null });
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
