import { evaluateDomains } from "@waxseal/core/watching";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
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
  expect((await api.ask("GET", "/api/v1/customers", { cookie })).json).toEqual({ items: [] });
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

test("who leaves the provider loses its customers at once", async () => {
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
