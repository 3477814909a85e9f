import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import { type Context, createContext } from "../context.ts";
import { createInstructionSheet } from "./create-instruction-sheet.ts";
import { endInstructionSheet } from "./end-instruction-sheet.ts";
import { formatZoneSnippet } from "./format-zone-snippet.ts";
import { chooseScope } from "./instruction-scope.ts";
import { listInstructionSheets } from "./list-instruction-sheets.ts";
import { openSharedSheet } from "./open-shared-sheet.ts";

let at = new Date("2026-03-15T06:00:00Z");
const now = () => at;
const settings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  reportsHost: "reports.hosted.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: [],
};
const deps = { publicUrl: "https://waxseal.example", settings, queueMail: async () => undefined };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

let domains = 0;
const addDomain = async (ctx: Context) => {
  const name = `sheet${domains++}.example`;
  return { name, id: (await createTestDomain(ctx, name)).domainId };
};
/** A provider, its customer and a stranger, each with a domain. */
async function start() {
  const [ctx, customer, stranger] = [
    await createTestAccount(database.db, now),
    await createTestAccount(database.db, now),
    await createTestAccount(database.db, now),
  ];
  const data = { parentId: ctx.accountId, name: "Bakery" };
  await database.db.organization.update({ where: { id: customer.accountId }, data });
  return {
    ...{ ctx, customer, stranger },
    own: await addDomain(ctx),
    theirs: await addDomain(customer),
    foreign: await addDomain(stranger),
  };
}
const share = (ctx: Context, wish: object = {}) =>
  createInstructionSheet(ctx, { only: "all", expiresInDays: 7, ...wish }, deps);
const open = (sheetToken: string) => openSharedSheet({ db: database.db, now }, sheetToken, settings);
const namesIn = async (sheetToken: string) =>
  (await (await open(sheetToken)).show(undefined)).items.map(({ domain }) => domain);
const missing = { code: "not_found", message: "There is no such link." };

test("the holder of a link sees the domains it is about with their records, and no id and no customer", async () => {
  const { ctx, own, theirs, foreign } = await start();
  const { sheetToken } = await share(ctx);
  const seen = await (await open(sheetToken)).show(undefined);
  expect(seen.items.map(({ domain }) => domain)).toEqual([own.name]);
  expect(Object.keys(seen.items[0] ?? {}).toSorted()).toEqual(["domain", "setup"]);
  expect(JSON.stringify(seen)).not.toContain(own.id);
  for (const { name } of [theirs, foreign]) expect(JSON.stringify(seen)).not.toContain(name);
});

test.each([
  ["its own domains", (_: Awaited<ReturnType<typeof start>>) => ({}), ["own"]],
  [
    "a customer's",
    ({ customer }: Awaited<ReturnType<typeof start>>) => ({ accountId: customer.accountId }),
    ["theirs"],
  ],
  [
    "all customers' too",
    (_: Awaited<ReturnType<typeof start>>) => ({ scope: "customers" }),
    ["own", "theirs"],
  ],
  [
    "a chosen one",
    ({ theirs }: Awaited<ReturnType<typeof start>>) => ({ domainIds: [theirs.id, theirs.id] }),
    ["theirs"],
  ],
] as const)("a sheet of an account is about %s", async (_what, wishOf, expected) => {
  const started = await start();
  const { sheetToken } = await share(started.ctx, wishOf(started));
  expect((await namesIn(sheetToken)).toSorted()).toEqual(expected.map((key) => started[key].name).toSorted());
});

test("a sheet is about no stranger, no provider and no domain of theirs, like ones that never were", async () => {
  const { ctx, customer, stranger, own, theirs, foreign } = await start();
  const wish = { only: "all" } as const;
  for (const accountId of [stranger.accountId, randomUUID()])
    await expect(chooseScope(ctx, { ...wish, accountId })).rejects.toMatchObject({
      code: "not_found",
      message: "There is no such customer.",
    });
  for (const domainIds of [[foreign.id], [own.id, foreign.id], [randomUUID()]])
    await expect(chooseScope(ctx, { ...wish, domainIds })).rejects.toMatchObject({
      code: "not_found",
      message: "There is no such domain.",
    });
  await expect(chooseScope(customer, { ...wish, accountId: ctx.accountId })).rejects.toMatchObject({
    code: "not_found",
  });
  // A customer's account with a domain that is the provider's own.
  await expect(
    chooseScope(ctx, { ...wish, accountId: customer.accountId, domainIds: [theirs.id, own.id] }),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("a customer that leaves its provider disappears from the provider's links", async () => {
  const { ctx, customer, own, theirs } = await start();
  const { sheetToken: whole } = await share(ctx, { accountId: customer.accountId });
  const { sheetToken: chosen } = await share(ctx, { domainIds: [own.id, theirs.id] });
  await database.db.organization.update({ where: { id: customer.accountId }, data: { parentId: null } });
  await expect(open(whole)).rejects.toMatchObject(missing);
  expect(await namesIn(chosen)).toEqual([own.name]);
  expect((await listInstructionSheets(ctx)).items.map(({ subject }) => subject)).toEqual([null, null]);
});

test("a link works until the instant it expires", async () => {
  const { ctx, own } = await start();
  const { sheetToken } = await share(ctx, { expiresInDays: 1 });
  const before = at;
  at = new Date(before.getTime() + DAY_MS - 1);
  expect(await namesIn(sheetToken)).toEqual([own.name]);
  at = new Date(before.getTime() + DAY_MS);
  await expect(open(sheetToken)).rejects.toMatchObject(missing);
  expect((await listInstructionSheets(ctx)).items).toEqual([]);
});

test("a link that was ended opens nothing, is ended once, and only by its own account", async () => {
  const { ctx, customer, theirs } = await start();
  const { sheetToken } = await share(ctx, { domainIds: [theirs.id] });
  const [sheet] = (await listInstructionSheets(ctx)).items;
  const sheetId = sheet?.id ?? "";
  for (const [asker, id] of [
    [customer, sheetId],
    [ctx, randomUUID()],
  ] as const)
    await expect(endInstructionSheet(asker, { sheetId: id })).rejects.toMatchObject(missing);
  const outcomes = await Promise.allSettled([1, 2].map(() => endInstructionSheet(ctx, { sheetId })));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(open(sheetToken)).rejects.toMatchObject(missing);
  const events = await database.db.event.findMany({
    where: { accountId: customer.accountId },
    orderBy: { id: "asc" },
  });
  expect(events.map(({ kind }) => kind)).toEqual(["sheet.created", "sheet.ended"]);
  // A customer reads of its own domains only.
  expect(Object(events[0]?.data).domainIds).toEqual([theirs.id]);
});

test.each(["", "x", "a".repeat(2_000)])("the made-up link %j opens nothing", async (token) => {
  await expect(open(token)).rejects.toMatchObject(missing);
});

test("the token is in the answer and nowhere in the database", async () => {
  const { ctx } = await start();
  const { sheetToken } = await share(ctx);
  const rows = [
    await database.db.instructionSheet.findMany(),
    (await database.db.event.findMany()).map(({ data }) => data),
  ];
  expect(JSON.stringify(rows)).not.toContain(sheetToken);
});

test("a viewer ends no link", async () => {
  const { ctx } = await start();
  const actor = { kind: "user", id: "u", name: "Ann" } as const;
  const viewer = createContext({ db: database.db, now }, ctx.accountId, actor, "viewer");
  await expect(endInstructionSheet(viewer, { sheetId: randomUUID() })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("RFC 1035 §5.1: zone lines have whole names, so that they mean the same wherever they are pasted", () => {
  const record = (name: string, state: "missing" | "wrong" | "correct") => ({
    name,
    target: "t.hosted.example",
    state,
  });
  const snippet = formatZoneSnippet("x.example", [
    record("mta-sts.x.example", "missing"),
    record("_mta-sts.x.example", "correct"),
    record("_smtp._tls.x.example", "wrong"),
  ]);
  expect(snippet.split("\n")).toEqual([
    "; x.example",
    "mta-sts.x.example.    3600 IN CNAME t.hosted.example.",
    "_mta-sts.x.example.   3600 IN CNAME t.hosted.example. ; is there already",
    "_smtp._tls.x.example. 3600 IN CNAME t.hosted.example. ; in place of what is there",
    "",
  ]);
});
