import { randomUUID } from "node:crypto";
import { sqlDatabase } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import { awaitServingNodes } from "./await-serving-nodes.ts";
import { findLaggingNodes } from "./find-lagging-nodes.ts";
import { listCaaAccounts } from "./list-caa-accounts.ts";
import { listServingChanges } from "./list-serving-changes.ts";
import { findManyTokenAnswers, findTokenAnswers, listTokenAnswers } from "./list-token-answers.ts";
import { recordServingChange } from "./record-serving-change.ts";
import { endServingLease, LEASE_MS, renewServingLease } from "./renew-serving-lease.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(() => database.db.servingNode.deleteMany());
afterAll(() => database.drop());

const sql = () => sqlDatabase(database.db);
const renew = (id: string, seenSeq: bigint, kind: "policy" | "dns" = "policy") =>
  renewServingLease(sql(), { id, kind, startedAt: now(), seenSeq });
const find = (seq: bigint) => findLaggingNodes(database.db, "policy", seq);
/** As if a node had said nothing for so long, by Postgres' clock. */
const age = (id: string, ms: number) =>
  database.db.$executeRaw`
    update serving_node set lease_until = lease_until - make_interval(secs => ${ms / 1_000}::float8) where id = ${id}`;

test("a node lags until it has seen the change, and only nodes of that kind are asked", async () => {
  await renew("a", 6n);
  await renew("b", 7n);
  await renew("ns", 1n, "dns");
  expect(await find(7n)).toEqual({ lagging: ["a"], alive: 2 });
  await renew("a", 7n);
  expect(await find(7n)).toEqual({ lagging: [], alive: 2 });
});

test("publishing does not wait for a node with an expired lease, and reports when no node is alive", async () => {
  await renew("a", 1n);
  await age("a", LEASE_MS + 1_000);
  expect(await find(7n)).toEqual({ lagging: [], alive: 0 });
  await renew("a", 1n);
  expect(await find(7n)).toEqual({ lagging: ["a"], alive: 1 });
  await endServingLease(sql(), "a");
  expect(await find(7n)).toEqual({ lagging: [], alive: 0 });
});

test("publishing continues as soon as the last node has the change", async () => {
  await renew("a", 6n);
  const waiting = awaitServingNodes(database.db, "policy", 7n);
  await renew("a", 7n);
  expect(await waiting).toEqual({ lagging: [], alive: 1 });
});

test("publishing names the nodes that do not have the change in time", async () => {
  await renew("a", 6n);
  await renew("b", 7n);
  expect(await awaitServingNodes(database.db, "policy", 7n, 0)).toEqual({ lagging: ["a"], alive: 2 });
});

test("changes are numbered in the order of their commits, and one that is rolled back leaves no gap for a reader", async () => {
  const record = (key: string) =>
    database.db.$transaction((db) => recordServingChange(db, "policy", key, now()));
  const first = await record("one.example");
  await expect(
    database.db.$transaction(async (db) => {
      await recordServingChange(db, "policy", "undone.example", now());
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  const made = await Promise.all(["a", "b", "c", "d"].map((name) => record(`${name}.example`)));
  expect(new Set(made).size).toBe(4);
  const rows = await database.db.servingChange.findMany({
    where: { seq: { gte: first } },
    orderBy: { seq: "asc" },
  });
  expect(rows.map(({ key }) => key)).not.toContain("undone.example");
  expect(rows).toHaveLength(5);
  const { changes } = await listServingChanges(sql(), first - 1n, 100);
  expect(changes.map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq));
});

/** A domain with a published policy id, unless it has none. */
async function startDomain(name: string, policyId?: string) {
  const ctx = await createTestAccount(database.db, now);
  const owner = await createTestDomain(ctx, name);
  if (policyId) {
    const policy = { mode: "testing" as const, mx: [`mx.${name}`], maxAgeSeconds: 86_400 };
    const { accountId, domainId } = owner;
    const made = { version: 1, policyId, createdAt: now(), createdBy: "u" };
    await database.db.policyVersion.create({ data: { accountId, domainId, ...made, ...policy } });
    await database.db.domain.updateMany({ where: { id: domainId }, data: { publishedVersion: 1 } });
  }
  return owner;
}
const changeDomain = (id: string, data: object) => database.db.domain.updateMany({ where: { id }, data });

test("the names of a token answer with the published policy id, and with none before the first", async () => {
  const [live, fresh] = [await startDomain("live.example", "20260315T1"), await startDomain("fresh.example")];
  expect(await findTokenAnswers(sql(), live.token)).toEqual({
    token: live.token,
    publishedPolicyId: "20260315T1",
  });
  expect(await findTokenAnswers(sql(), fresh.token)).toEqual({
    token: fresh.token,
    publishedPolicyId: undefined,
  });
});

test("RFC 8461 §8.3: the names of a domain that is leaving still answer, those of one that has left do not exist", async () => {
  const { token, domainId } = await startDomain("leaving.example", "7");
  await changeDomain(domainId, { status: "leaving" });
  expect(await findTokenAnswers(sql(), token)).toMatchObject({ publishedPolicyId: "7" });
  await changeDomain(domainId, { status: "left" });
  expect(await findTokenAnswers(sql(), token)).toBeUndefined();
  expect(await findTokenAnswers(sql(), "never-given-out")).toBeUndefined();
  expect(await findManyTokenAnswers(sql(), [])).toEqual([]);
});

test("pages of tokens leave out none that has names, and end with the last", async () => {
  const made = [];
  for (const name of ["p1", "p2", "p3", "p4"]) made.push(await startDomain(`${name}.example`));
  await changeDomain(made[3]?.domainId ?? "", { status: "left" });
  const seen: string[] = [];
  let cursor: string | undefined = "";
  while (cursor !== undefined) {
    const page: Awaited<ReturnType<typeof listTokenAnswers>> = await listTokenAnswers(sql(), {
      cursor,
      limit: 2,
    });
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...page.items.map(({ token }) => token));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(seen.toSorted());
  expect(new Set(seen).size).toBe(seen.length);
  for (const { token } of made.slice(0, 3)) expect(seen).toContain(token);
  expect(seen).not.toContain(made[3]?.token);
});

test("RFC 8657 §3: only accounts at CAs that check them are named in CAA", async () => {
  const at = (n: number, data: object) =>
    database.db.acmeAccount.create({
      data: {
        directoryUrl: `https://ca${n}.example/${randomUUID()}`,
        keyJwe: "k",
        createdAt: now(),
        ...data,
      },
    });
  await at(1, { accountUrl: "https://ca1.example/acct/1", caaIdentities: ["ca1.example"] });
  await at(2, { accountUrl: "https://ca2.example/acct/1", caaIdentities: [] });
  await at(3, { accountUrl: null, caaIdentities: ["ca3.example"] });
  expect(await listCaaAccounts(sql())).toEqual([
    { accountUrl: "https://ca1.example/acct/1", caaIdentities: ["ca1.example"] },
  ]);
});
