import { randomUUID } from "node:crypto";
import type { EventKind } from "@waxseal/contract";
import type { Prisma } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import type { Context } from "../context.ts";
import { recordEvent, recordEvents } from "../record-event.ts";
import { exportEvents } from "./export-events.ts";
import { listEvents, presentEvent } from "./list-events.ts";

let at = new Date("2026-03-15T06:00:00Z");
const now = () => at;
const wait = (ms: number) => {
  at = new Date(at.getTime() + ms);
};
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const record = (ctx: Context, kind: EventKind, data: Prisma.JsonObject & { domainId?: string } = {}) =>
  ctx.inTransaction((db) => recordEvent(db, ctx, kind, data));
const list = (ctx: Context, query: Partial<Parameters<typeof listEvents>[1]> = {}) =>
  listEvents(ctx, { limit: 50, ...query });
const kinds = async (ctx: Context, query: Partial<Parameters<typeof listEvents>[1]> = {}) =>
  (await list(ctx, query)).items.map(({ kind }) => kind);
const asUser = (ctx: Context, name: string): Context => ({ ...ctx, actor: { kind: "user", id: name, name } });

test("an account reads its own events, newest first, and no other account's", async () => {
  const [mine, theirs] = [
    await createTestAccount(database.db, now),
    await createTestAccount(database.db, now),
  ];
  await record(mine, "account.created", { name: "A" });
  wait(1);
  await record(mine, "account.renamed", { before: "A", after: "B" });
  await record(theirs, "account.created", { name: "C" });
  expect(await kinds(mine)).toEqual(["account.renamed", "account.created"]);
  expect(await kinds(theirs)).toEqual(["account.created"]);
});

test("pages have every event once, also many of one instant and some that arrive in between", async () => {
  const ctx = await createTestAccount(database.db, now);
  const write = (names: string[]) =>
    ctx.inTransaction((db) =>
      recordEvents(
        db,
        ctx,
        "account.renamed",
        names.map((name) => ({ accountId: ctx.accountId, data: { before: "x", after: name } })),
      ),
    );
  const names = Array.from({ length: 7 }, (_, n) => `n${n}`);
  await write(names);
  const seen: unknown[] = [];
  let cursor: string | null | undefined;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list(ctx, { limit: 3, ...(cursor && { cursor }) });
    seen.push(...page.items.map(({ data }) => data.after));
    cursor = page.nextCursor;
    wait(1);
    await write(["later"]);
  } while (cursor);
  expect(seen.toSorted()).toEqual(names);
});

test.each([
  "",
  "x",
  "2026-03-15T06:00:00.000Z",
  "2026-13-45T06:00:00.000Z_00000000-0000-0000-0000-000000000000",
  "2026-03-15T06:00:00Z_1",
])("the cursor %j is refused", async (cursor) => {
  const ctx = await createTestAccount(database.db, now);
  await expect(list(ctx, { cursor })).rejects.toMatchObject({ code: "invalid" });
});

test("the log is narrowed by kind, by the first word of a kind, by actor and by time", async () => {
  const ctx = await createTestAccount(database.db, now);
  const from = now().toISOString();
  await record(asUser(ctx, "Ann Lee"), "apiKey.created", { name: "K" });
  wait(1_000);
  const to = now().toISOString();
  await record(asUser(ctx, "Bob"), "apiKey.deleted", { name: "K" });
  await record(asUser(ctx, "Ann Lee"), "account.renamed", { before: "A", after: "B" });
  expect(await kinds(ctx, { kind: "apiKey.created" })).toEqual(["apiKey.created"]);
  expect((await kinds(ctx, { kind: "apiKey" })).toSorted()).toEqual(["apiKey.created", "apiKey.deleted"]);
  expect(await kinds(ctx, { kind: "api" })).toEqual([]);
  expect((await kinds(ctx, { actor: "ann" })).toSorted()).toEqual(["account.renamed", "apiKey.created"]);
  expect(await kinds(ctx, { actor: "lee" })).toEqual([]);
  await record(asUser(ctx, "A_n% of \\x"), "account.keptOpen");
  expect(await kinds(ctx, { actor: "a_n" })).toEqual(["account.keptOpen"]);
  expect(await kinds(ctx, { actor: "a_n% of \\" })).toEqual(["account.keptOpen"]);
  for (const actor of ["%", "_", "\\"]) expect(await kinds(ctx, { actor })).toEqual([]);
  expect(await kinds(ctx, { from, to })).toEqual(["apiKey.created"]);
  expect(await kinds(ctx, { from: to, kind: "apiKey" })).toEqual(["apiKey.deleted"]);
});

test("a domain's timeline has what happened to it, and another account's domain is like a missing one", async () => {
  const [mine, theirs] = [
    await createTestAccount(database.db, now),
    await createTestAccount(database.db, now),
  ];
  const { domainId } = await createTestDomain(mine, "timeline.example");
  await record(mine, "domain.added", { domainId, domain: "timeline.example" });
  await record(mine, "account.renamed", { before: "A", after: "B" });
  expect(await kinds(mine, { domainId })).toEqual(["domain.added"]);
  for (const id of [domainId, randomUUID()]) {
    await expect(list(theirs, { domainId: id })).rejects.toMatchObject({ code: "not_found" });
    await expect(exportEvents(theirs, { format: "csv", domainId: id })).rejects.toMatchObject({
      code: "not_found",
    });
  }
});

test("with the scope customers a provider reads theirs too, each with its name; a customer never reads its provider's", async () => {
  const provider = await createTestAccount(database.db, now);
  const customer = await createTestAccount(database.db, now);
  const stranger = await createTestAccount(database.db, now);
  const data = { parentId: provider.accountId, name: "Bakery" };
  await database.db.organization.update({ where: { id: customer.accountId }, data });
  for (const ctx of [provider, customer, stranger]) await record(ctx, "account.created", { name: "x" });
  const { items } = await list(provider, { scope: "customers" });
  const seen = items.map((item) => [item.accountId, Object(item).customer]);
  expect(seen.toSorted()).toEqual(
    [
      [provider.accountId, null],
      [customer.accountId, "Bakery"],
    ].toSorted(),
  );
  expect((await list(customer, { scope: "customers" })).items.map(({ accountId }) => accountId)).toEqual([
    customer.accountId,
  ]);
  expect((await list(provider)).items.map(({ accountId }) => accountId)).toEqual([provider.accountId]);
});

test("an event says who did it, by the name they had then", async () => {
  const ctx = await createTestAccount(database.db, now);
  await record(asUser(ctx, "Ann before her wedding"), "account.renamed", { before: "A", after: "B" });
  const [item] = (await list(ctx)).items;
  expect(item).toMatchObject({
    actor: { kind: "user", name: "Ann before her wedding" },
    text: expect.stringContaining("B"),
    at: now().toISOString(),
  });
});

test("an event of a kind that this release does not know is left out, whatever it holds", () => {
  const row = {
    ...{ accountId: "a", id: randomUUID(), domainId: null, at: now() },
    ...{ actorKind: "user", actorId: "u", actorName: "Ann" },
  };
  expect(presentEvent({ ...row, kind: "future.kind", data: {} })).toBeUndefined();
  for (const data of [null, [], "text", 7])
    expect(presentEvent({ ...row, kind: "account.created", data })).toMatchObject({ data: {} });
  expect(presentEvent({ ...row, actorKind: "robot", kind: "account.created", data: {} })?.actor.kind).toBe(
    "job",
  );
});

async function readExport(ctx: Context, format: "csv" | "json", query: object = {}): Promise<string> {
  const parts: string[] = [];
  for await (const chunk of (await exportEvents(ctx, { format, ...query })).chunks) parts.push(`${chunk}`);
  return parts.join("");
}

test("the export is named for its day, and has every event of a log that is longer than a page", async () => {
  const ctx = await createTestAccount(database.db, now);
  const lines = Array.from({ length: 1_001 }, (_, n) => ({
    accountId: ctx.accountId,
    data: { before: "x", after: `n${n}` },
  }));
  await ctx.inTransaction((db) => recordEvents(db, ctx, "account.renamed", lines));
  const json: { data: { after: string } }[] = JSON.parse(await readExport(ctx, "json"));
  expect(new Set(json.map(({ data }) => data.after)).size).toBe(1_001);
  expect((await readExport(ctx, "csv")).trim().split("\r\n")).toHaveLength(1_002);
  expect((await exportEvents(ctx, { format: "csv" })).fileName).toBe("audit-log-2026-03-15.csv");
});

test("RFC 4180 §2: quotes, commas and line breaks of a name stay in their cell, and no cell is a formula", async () => {
  const ctx = asUser(await createTestAccount(database.db, now), '=HYPERLINK("x"),\nAnn');
  await record(ctx, "account.renamed", { before: { name: "A" }, after: "B" });
  const [header, ...rest] = (await readExport(ctx, "csv")).split("\r\n");
  expect(header).toBe("at,actorKind,actor,kind,domainId,text,before,data");
  expect(rest.join("\r\n")).toMatch(/"'=HYPERLINK\(""x""\),\nAnn"/);
  expect(rest.join("\r\n")).toContain('"{""name"":""A""}"');
});

test("an empty log is a header alone, or an empty array", async () => {
  const ctx = await createTestAccount(database.db, now);
  expect(JSON.parse(await readExport(ctx, "json"))).toEqual([]);
  expect((await readExport(ctx, "csv")).trim()).toBe("at,actorKind,actor,kind,domainId,text,before,data");
});

test("an event about a fact of a domain has the domain judged, once for several; others do not", async () => {
  const ctx = await createTestAccount(database.db, now);
  const { domainId } = await createTestDomain(ctx, "judged.example");
  const count = async () => {
    const [row] = await database.db.$queryRaw<{ n: number }[]>`
      select count(*)::int as n from graphile_worker.jobs where key = ${`watch.evaluate:${domainId}`}`;
    return row?.n;
  };
  await record(ctx, "domain.shared", { domainId });
  expect(await count()).toBe(0);
  await record(ctx, "mx.changed", { domainId });
  await record(ctx, "policy.published", { domainId });
  expect(await count()).toBe(1);
});
