import { evaluateDomains } from "@waxseal/core/watching";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { fillAccount } from "../../testing/fill-account.ts";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
let provider: { accountId: string; key: string };
let northId: string;
let southId: string;

beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  provider = await api.newAccount("Provider");
  northId = await newCustomer("North");
  southId = await newCustomer("South");
});
afterAll(() => api.stop());

async function newCustomer(name: string): Promise<string> {
  const made = await api.ask("POST", "/api/v1/customers", { key: provider.key, body: { name } });
  expect(made.status).toBe(201);
  return Object(made.json).id;
}

const work = (cookie: string, accountId: string) =>
  api.ask("PUT", "/api/v1/me/account", { cookie, body: { accountId } });

test("a provider's member works in a customer with the role they have at the provider", async () => {
  for (const [role, status] of [
    ["editor", 201],
    ["viewer", 403],
  ] as const) {
    const cookie = await api.signInAs(provider.accountId, role);
    expect((await work(cookie, northId)).status).toBe(204);
    expect((await api.ask("GET", "/api/v1/me", { cookie })).json).toMatchObject({
      account: { id: northId, name: "North", role },
      provider: { id: provider.accountId },
    });
    const body = { domain: `${role}.example` };
    expect((await api.ask("POST", "/api/v1/domains", { cookie, body, account: northId })).status).toBe(
      status,
    );
  }
  const owner = await api.db.domain.findFirstOrThrow({ where: { domain: "editor.example" } });
  expect(owner.accountId).toBe(northId);
});

test("a customer sees neither its provider nor the provider's other customers", async () => {
  const cookie = await api.signInAs(northId, "owner");
  const me = await api.ask("GET", "/api/v1/me", { cookie });
  expect(me.json).toMatchObject({ account: { id: northId }, provider: null });
  expect(me.text).not.toContain(provider.accountId);
  expect((await api.ask("GET", "/api/v1/customers", { cookie })).json).toEqual({
    items: [],
    nextCursor: null,
  });
  for (const accountId of [provider.accountId, southId, "no-such-account"]) {
    const refused = await work(cookie, accountId);
    expect([accountId, refused.status]).toEqual([accountId, 404]);
    const headers = { "x-waxseal-account": accountId };
    expect((await api.ask("GET", "/api/v1/domains", { cookie, headers })).status).toBe(404);
  }
  const nested = await api.ask("POST", "/api/v1/customers", { cookie, body: { name: "Below" } });
  expect(nested.status).toBe(409);
});

test("a provider's API key works in its customers by header, with its scope, and nowhere else", async () => {
  const { key } = provider;
  const headers = { "x-waxseal-account": southId };
  const body = { domain: "south.example" };
  expect((await api.ask("POST", "/api/v1/domains", { key, headers, body })).status).toBe(201);
  expect(Object((await api.ask("GET", "/api/v1/domains", { key })).json).items).toEqual([]);
  const made = await api.ask("POST", "/api/v1/api-keys", { key, body: { name: "r", scope: "read" } });
  const read = { key: String(Object(made.json).key), headers };
  expect((await api.ask("GET", "/api/v1/domains", read)).status).toBe(200);
  expect((await api.ask("POST", "/api/v1/domains", { ...read, body })).status).toBe(403);
  const stranger = await api.newAccount("Stranger");
  expect((await api.ask("GET", "/api/v1/domains", { key: stranger.key, headers })).status).toBe(404);
});

test("a member who leaves the provider loses access to its customers at once", async () => {
  const cookie = await api.signInAs(provider.accountId, "admin");
  await work(cookie, southId);
  const { user } = Object((await api.ask("GET", "/api/v1/me", { cookie })).json);
  await api.ask("DELETE", `/api/v1/members/${user.id}`, { key: provider.key });
  // The session stays, since it is the person's; it opens no account any more.
  const unnamed = await api.ask("GET", "/api/v1/domains", { cookie });
  expect([unnamed.status, Object(unnamed.json).code]).toEqual([403, "no_account"]);
  expect((await api.ask("GET", "/api/v1/domains", { cookie, account: southId })).status).toBe(404);
  const person = await api.ask("GET", "/api/v1/me/person", { cookie });
  expect(person.json).toMatchObject({ accounts: [] });
});

test("customers with domains that need attention are listed first, and found by the name of a domain", async () => {
  const { key } = provider;
  const troubled = await newCustomer("Zeta");
  const headers = { "x-waxseal-account": troubled };
  await api.ask("POST", "/api/v1/domains", { key, headers, body: { domain: "zeta.example" } });
  await api.db.domain.updateMany({ where: { accountId: troubled }, data: { status: "active" } });
  await api.db.setupRecord.updateMany({ where: { accountId: troubled }, data: { state: "wrong" } });
  const { id: domainId } = await api.db.domain.findFirstOrThrow({ where: { accountId: troubled } });
  await evaluateDomains({ db: api.db, now: () => new Date() }, [{ accountId: troubled, domainId }]);
  const list = async (q = "") =>
    Object((await api.ask("GET", `/api/v1/customers?q=${q}`, { key })).json).items;
  expect((await list())[0]).toMatchObject({ name: "Zeta", domains: 1, attention: 1, good: 0 });
  expect((await list("zeta.ex")).map(({ name }: { name: string }) => name)).toEqual(["Zeta"]);
  expect(await list("%25")).toEqual([]);
});

test("an externalId names one customer of a provider: the same again is that one, other content collides with it", async () => {
  const { key } = provider;
  const make = (body: object, by = key) => api.ask("POST", "/api/v1/customers", { key: by, body });
  const west = { name: "West", externalId: "CRM 4711" };
  const answers = await Promise.all([make(west), make(west), make(west)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  const ids = new Set(answers.map(({ json }) => Object(json).id));
  const [id = ""] = ids;
  expect([ids.size, (await make({ ...west, name: " West " })).json]).toEqual([
    1,
    expect.objectContaining({ id, externalId: "CRM 4711" }),
  ]);
  const other = await make({ ...west, name: "Other" });
  expect([other.status, other.json]).toEqual([
    409,
    expect.objectContaining({ reason: "external_id_taken", collidesWith: { kind: "customer", id } }),
  ]);
  expect((await make({ ...west, externalId: "crm 4711" })).status).toBe(201);
  for (const externalId of ["", " x", "a\u0000b", "x".repeat(201)]) {
    const refused = await make({ name: "Bad", externalId });
    expect([externalId, refused.status]).toEqual([externalId, 422]);
  }
  const stranger = await api.newAccount("Another provider");
  expect((await make(west, stranger.key)).status).toBe(201);
  const found = await api.ask("GET", "/api/v1/customers?externalId=CRM%204711", { key });
  expect(Object(found.json).items).toMatchObject([{ id }]);
  expect((await api.ask("GET", `/api/v1/customers/${id}`, { key })).json).toMatchObject({ name: "West" });
});

test("an existing customer gets another name or externalId; one that another customer has is refused, and names it", async () => {
  const { key } = provider;
  const [first, second] = [await newCustomer("Plain"), await newCustomer("Fancy")];
  const change = (id: string, body: object, by = key) =>
    api.ask("PATCH", `/api/v1/customers/${id}`, { key: by, body });
  expect((await change(first, { externalId: "K-1" })).json).toMatchObject({
    name: "Plain",
    externalId: "K-1",
  });
  expect((await change(first, { name: "Plainer" })).json).toMatchObject({
    name: "Plainer",
    externalId: "K-1",
  });
  const taken = await change(second, { externalId: "K-1" });
  expect([taken.status, taken.json]).toEqual([
    409,
    expect.objectContaining({ reason: "external_id_taken", collidesWith: { kind: "customer", id: first } }),
  ]);
  expect((await change(first, { externalId: null })).json).toMatchObject({ externalId: null });
  expect((await change(second, { externalId: "K-1" })).status).toBe(200);
  for (const body of [{}, { name: " " }, { externalId: " x" }])
    expect([body, (await change(second, body)).status]).toEqual([body, 422]);
  const events = await api.db.event.findMany({ where: { kind: "customer.changed" } });
  expect([events.length, new Set(events.map(({ accountId }) => accountId))]).toEqual([
    4,
    new Set([provider.accountId]),
  ]);
});

test("a key of the scope onboard makes a customer and its domain, and publishes no policy", async () => {
  const made = await api.ask("POST", "/api/v1/api-keys", {
    key: provider.key,
    body: { name: "onboarding", scope: "onboard" },
  });
  const key = String(Object(made.json).key);
  expect((await api.ask("GET", "/api/v1/me", { key })).json).toMatchObject({ signIn: { scope: "onboard" } });
  const { json } = await api.ask("POST", "/api/v1/customers", { key, body: { name: "Onboarded" } });
  const account = String(Object(json).id);
  const added = await api.ask("POST", "/api/v1/domains", { key, account, body: { domain: "fresh.example" } });
  expect(added.status).toBe(201);
  const refused = await api.ask("PUT", `/api/v1/domains/${Object(added.json).id}/policy`, {
    ...{ key, account, body: { mode: "testing", mx: ["mx.fresh.example"], maxAgeSeconds: 86_400 } },
  });
  expect([refused.status, refused.json]).toEqual([
    403,
    expect.objectContaining({
      ...{ reason: "scope_too_narrow", permission: "policies.publish" },
      ...{ needs: ["write", "admin"], has: "onboard" },
    }),
  ]);
});

test("a few letters find domains and customers of a provider, its reporters and reports, each at most a few, and nothing of strangers", async () => {
  const { accountId, key } = await api.newAccount("Finder");
  const ids = await fillAccount(api, { accountId, key });
  const inCustomer = { key, account: ids.customer };
  for (let index = 0; index < 9; index++)
    await api.ask("POST", "/api/v1/domains", { ...inCustomer, body: { domain: `d${index}.needle.example` } });
  const find = async (q: string, by = key) =>
    Object((await api.ask("GET", `/api/v1/find?q=${encodeURIComponent(q)}`, { key: by })).json);
  const domains = (await find("needle")).domains;
  expect([domains.length, domains[0].customer]).toEqual([8, "theirs.example"]);
  expect(await find("THEIRS.ex")).toMatchObject({
    domains: [{ id: ids.domain, domain: "theirs.example", customer: null }],
    customers: [{ id: ids.customer }],
    reporters: ["theirs.example"],
    reports: [],
  });
  expect((await find("r1")).reports).toMatchObject([{ id: ids.report, reportId: "r1" }]);
  const nothing = { domains: [], customers: [], reporters: [], reports: [] };
  for (const q of ["%", "_______", " "]) expect([q, await find(q)]).toEqual([q, nothing]);
  const stranger = await api.newAccount("Stranger to the finder");
  for (const q of ["needle", "theirs", "r1"]) expect([q, await find(q, stranger.key)]).toEqual([q, nothing]);
});

test("a provider reads events, CNAMEs and report figures of all its customers in one call each, and of no others", async () => {
  const { accountId, key } = await api.newAccount("Across");
  const strangers = await api.newAccount("Strangers");
  const made = await api.ask("POST", "/api/v1/customers", { key, body: { name: "Inner", externalId: "7" } });
  const account = String(Object(made.json).id);
  await api.ask("POST", "/api/v1/domains", { key, body: { domain: "outer.example" } });
  await api.ask("POST", "/api/v1/domains", { key, account, body: { domain: "inner.example" } });
  await api.ask("POST", "/api/v1/domains", { key: strangers.key, body: { domain: "strange.example" } });
  const read = async (path: string, by = key) => {
    const answer = await api.ask("GET", `/api/v1${path}`, { key: by });
    expect([path, answer.status, answer.text.includes("strange")]).toEqual([path, 200, by === strangers.key]);
    return Object(answer.json).items;
  };
  const added = await read("/events?scope=customers&kind=domain.added");
  expect(added).toMatchObject([
    { accountId: account, customer: "Inner" },
    { accountId, customer: null },
  ]);
  expect(await read("/events?kind=domain.added")).toHaveLength(1);
  expect(await read("/instructions?scope=customers")).toMatchObject([
    { domain: "inner.example", accountId: account, customer: "Inner", setup: [{}, {}, {}] },
    { domain: "outer.example", accountId, customer: null },
  ]);
  expect(await read("/customers/reports?from=2026-01-01&to=2026-01-31")).toMatchObject([
    { accountId, customer: null, sessions: 0, successShare: null },
    { accountId: account, customer: "Inner", externalId: "7", days: Array(31).fill(null) },
  ]);
  for (const path of ["/events?scope=customers&kind=domain.added", "/instructions?scope=customers"])
    expect(await read(path, strangers.key)).toHaveLength(1);
  const inner = await api.signInAs(account, "owner");
  const own = await api.ask("GET", "/api/v1/events?scope=customers", { cookie: inner });
  expect(own.text).not.toContain("outer.example");
  const ranges = ["from=2026-02-01&to=2026-01-01", "from=2024-01-01&to=2026-01-01"];
  for (const range of ranges)
    expect((await api.ask("GET", `/api/v1/customers/reports?${range}`, { key })).status).toBe(422);
});
