import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
let provider: { accountId: string; key: string };
let ids: Record<string, string>;

beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  provider = await api.newAccount("Provider");
  const other = await api.newAccount("Other");
  const items = [
    { domain: "own.example" },
    { domain: "flour.example", customer: "Bakery" },
    { domain: "yeast.example", customer: "Bakery" },
  ];
  await ask("POST", "/domains/bulk", { items, createCustomers: true });
  await api.ask("POST", "/api/v1/domains", { key: other.key, body: { domain: "secret.example" } });
  ids = Object.fromEntries((await api.db.domain.findMany()).map(({ domain, id }) => [domain, id]));
});
afterAll(() => api.stop());

const ask = (method: string, path: string, body?: unknown) =>
  api.ask(method, `/api/v1${path}`, { key: provider.key, ...(body === undefined ? {} : { body }) });
const tag = (domains: string[], change: { add?: string[]; remove?: string[] }) =>
  ask("POST", "/domains/tags", { domainIds: domains.map((domain) => ids[`${domain}.example`]), ...change });
const found = async (path: string) =>
  Object((await ask("GET", path)).json).items.map(({ domain }: { domain: string }) => domain);

test("all that a filter leaves are tagged, but those left out; not when another number matches than was seen", async () => {
  const body = { filter: { q: "example" }, exceptIds: [ids["own.example"]], add: ["all"] };
  const others = await ask("POST", "/domains/tags", { ...body, expected: 3 });
  expect([others.status, Object(others.json).code, await found("/customers/domains?tag=all")]).toEqual([
    409,
    "conflict",
    [],
  ]);
  expect(Object(others.json).detail).toMatch(/^The list has changed: 2 domains match now, 3 did/);
  expect((await ask("POST", "/domains/tags", { ...body, expected: 2 })).json).toEqual({ changed: 2 });
  expect(await found("/customers/domains?tag=all")).toEqual(["flour.example", "yeast.example"]);
  const wrong = { domainIds: [ids["own.example"]], expected: 1, add: ["all"] };
  expect((await ask("POST", "/domains/tags", wrong)).status).toBe(422);
  await tag(["flour", "yeast"], { remove: ["all"] });
  await api.db.event.deleteMany({ where: { kind: "domain.tagged" } });
});

test("the first page of a list says how many domains match", async () => {
  const first = Object((await ask("GET", "/customers/domains?limit=2")).json);
  expect([first.items.length, first.total]).toEqual([2, 3]);
  const next = Object((await ask("GET", `/customers/domains?limit=2&cursor=${first.nextCursor}`)).json);
  expect([next.items.length, next.total]).toEqual([1, null]);
  expect((await ask("GET", "/domains?q=nothing")).json).toEqual({ items: [], nextCursor: null, total: 0 });
});

test("tags of own and customers' domains filter both lists, in any case", async () => {
  expect((await tag(["own", "flour"], { add: ["Gold  plan"] })).json).toEqual({ changed: 2 });
  expect(await found("/domains?tag=gold%20plan")).toEqual(["own.example"]);
  expect(await found("/customers/domains?tag=Gold%20Plan")).toEqual(["flour.example", "own.example"]);
  expect(await found("/customers/domains?tag=gold")).toEqual([]);
  expect((await ask("GET", "/domains")).json).toMatchObject({ items: [{ tags: ["gold plan"] }] });
  expect((await ask("GET", "/tags")).json).toEqual({
    items: [{ tag: "gold plan", domains: 1 }],
    nextCursor: null,
  });
  expect((await ask("GET", "/tags?scope=all")).json).toEqual({
    items: [{ tag: "gold plan", domains: 2 }],
    nextCursor: null,
  });
});

test("a change leaves an event in the log of the account the domain is in, with the tags before; none without a change", async () => {
  await tag(["yeast"], { add: ["a", "b"] });
  expect((await tag(["yeast"], { add: ["c"], remove: ["a"] })).json).toEqual({ changed: 1 });
  expect((await tag(["yeast"], { add: ["c"], remove: ["a"] })).json).toEqual({ changed: 0 });
  const events = await api.db.event.findMany({
    where: { domainId: ids["yeast.example"] ?? "", kind: "domain.tagged" },
    orderBy: { id: "asc" },
  });
  expect(events.map(({ data }) => data)).toEqual([
    { tags: ["a", "b"], before: [] },
    { tags: ["b", "c"], before: ["a", "b"] },
  ]);
  const bakery = await api.db.organization.findFirstOrThrow({ where: { name: "Bakery" } });
  expect(events.every(({ accountId }) => accountId === bakery.id)).toBe(true);
});

test("all domains are tagged or none: not with another account's domain among them, not with a 21st tag", async () => {
  const withSecret = await tag(["own", "secret"], { add: ["mine"] });
  expect([withSecret.status, await found("/domains?tag=mine")]).toEqual([404, []]);
  const words = Array.from({ length: 20 }, (_, n) => `w${n}`);
  await tag(["yeast"], { remove: ["b", "c"], add: words.slice(0, 10) });
  await tag(["yeast"], { add: words.slice(10) });
  const tooMany = await tag(["flour", "yeast"], { add: ["one more"] });
  expect([tooMany.status, Object(tooMany.json).code]).toEqual([429, "limit_reached"]);
  expect(await found("/customers/domains?tag=one%20more")).toEqual([]);
});

test.each(["", "a,b", "<b>", "=1+1", "x".repeat(41)])("%j is no tag", async (text) => {
  expect((await tag(["own"], { add: [text] })).status).toBe(422);
});

test("a saved filter is every member's; saving under its name again replaces it and keeps what was there in the log", async () => {
  const saved = {
    page: "portfolio",
    name: "Gold, broken",
    search: { health: "attention", tag: "gold plan" },
  };
  const made = await ask("POST", "/saved-filters", saved);
  expect([made.status, made.json]).toMatchObject([201, saved]);
  await ask("POST", "/saved-filters", { ...saved, search: { tag: "gold plan" } });
  const cookie = await api.signInAs(provider.accountId, "viewer");
  const { json } = await api.ask("GET", "/api/v1/saved-filters", { cookie });
  expect(json).toMatchObject({ items: [{ name: "Gold, broken", search: { tag: "gold plan" } }] });
  const events = await api.db.event.findMany({
    where: { accountId: provider.accountId, kind: "savedFilter.created" },
    orderBy: { id: "asc" },
  });
  expect(events.map(({ data }) => Object(data).before)).toEqual([null, saved.search]);
  const id = Object(json).items[0].id;
  expect((await ask("DELETE", `/saved-filters/${id}`)).status).toBe(204);
  expect((await ask("GET", "/saved-filters")).json).toEqual({ items: [], nextCursor: null });
});

test("what an account may have of tags and saved filters has an end, and a domain that has left counts for none", async () => {
  const accountId = provider.accountId;
  const domainId = ids["own.example"] ?? "";
  await api.db.domainTag.deleteMany({ where: { accountId } });
  const tags = Array.from({ length: 300 }, (_, n) => ({ accountId, domainId: randomUUID(), tag: `t${n}` }));
  await api.db.domainTag.createMany({ data: tags });
  const newTag = await tag(["own"], { add: ["one more"] });
  expect([newTag.status, Object(newTag.json).code]).toEqual([429, "limit_reached"]);
  expect((await tag(["own"], { add: ["t1"] })).json).toEqual({ changed: 1 });
  expect((await ask("GET", "/tags")).json).toEqual({ items: [{ tag: "t1", domains: 1 }], nextCursor: null });
  await api.db.domain.updateMany({ where: { accountId, id: domainId }, data: { status: "left" } });
  expect((await ask("GET", "/tags")).json).toEqual({ items: [], nextCursor: null });
  const made = { accountId, page: "domains", search: {}, createdAt: new Date(), createdBy: "test" };
  const filters = Array.from({ length: 100 }, (_, n) => ({ ...made, name: `f${n}` }));
  await api.db.savedFilter.createMany({ data: filters });
  const save = (name: string) => ask("POST", "/saved-filters", { page: "domains", name, search: {} });
  expect([(await save("f100")).status, (await save("f99")).status]).toEqual([429, 201]);
});
