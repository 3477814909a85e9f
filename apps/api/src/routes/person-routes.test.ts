import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

const leave = (cookie: string, email: string) => api.ask("DELETE", "/api/v1/me", { cookie, body: { email } });
const statusOfMe = async (cookie: string) => (await api.ask("GET", "/api/v1/me", { cookie })).status;

async function addMembership(email: string, organizationId: string, role: string): Promise<void> {
  const { id: userId } = await api.db.user.findUniqueOrThrow({ where: { email } });
  await api.db.member.create({ data: { id: randomUUID(), organizationId, userId, role } });
}

async function makeKey(cookie: string, account: string, scope: string): Promise<string> {
  const made = await api.ask("POST", "/api/v1/api-keys", { cookie, account, body: { name: scope, scope } });
  expect(made.status).toBe(201);
  return String(Object(made.json).key);
}

const keyWorks = async (key: string) => (await api.ask("GET", "/api/v1/domains", { key })).status === 200;

test("a person deletes their own sign-in: sessions, keys and invitations end, an empty account goes, the others stay", async () => {
  const email = "leaving@people.example";
  const { accountId: own } = await api.newAccount("Own and empty");
  const { accountId: shared } = await api.newAccount("Shared");
  const cookie = await api.signInAs(own, "owner", email);
  await addMembership(email, shared, "admin");
  await api.signInAs(shared, "owner");
  const key = await makeKey(cookie, shared, "write");
  const body = { email: "friend@people.example", role: "viewer" };
  await api.ask("POST", "/api/v1/invitations", { cookie, account: shared, body });
  expect((await leave(cookie, "another@people.example")).status).toBe(422);
  expect((await leave(cookie, email)).status).toBe(204);

  expect([await statusOfMe(cookie), await keyWorks(key)]).toEqual([401, false]);
  expect(await api.db.user.count({ where: { email } })).toBe(0);
  expect((await api.db.organization.findUniqueOrThrow({ where: { id: own } })).closingAt).not.toBeNull();
  expect((await api.db.organization.findUniqueOrThrow({ where: { id: shared } })).closingAt).toBeNull();
  const open = { organizationId: shared, status: "pending" };
  expect(await api.db.invitation.count({ where: open })).toBe(0);
  await expect.poll(() => api.mails.list(email)[0]?.subject).toBe("Your Waxseal sign-in was deleted");
});

test("the only owner of an account in use stays, and the refusal names the account", async () => {
  const email = "only@people.example";
  const { accountId, key } = await api.newAccount("Bakery");
  const cookie = await api.signInAs(accountId, "owner", email);
  await api.ask("POST", "/api/v1/domains", { key, body: { domain: "bakery.example" } });
  const refused = await leave(cookie, email);
  expect([refused.status, Object(refused.json).detail]).toEqual([409, expect.stringContaining("Bakery")]);
  expect(await statusOfMe(cookie)).toBe(200);
  await api.signInAs(accountId, "owner");
  expect((await leave(cookie, email)).status).toBe(204);
});

test("two last owners who leave at the same instant do not both go", async () => {
  const { accountId, key } = await api.newAccount("Two owners");
  await api.ask("POST", "/api/v1/domains", { key, body: { domain: "two.example" } });
  const emails = ["one@people.example", "two@people.example"];
  const cookies = [];
  for (const email of emails) cookies.push(await api.signInAs(accountId, "owner", email));
  const answers = await Promise.all(cookies.map((cookie, n) => leave(cookie, emails[n] ?? "")));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
});

test("an old session, a forged request and an API key delete no sign-in", async () => {
  const email = "kept@people.example";
  const { accountId, key } = await api.newAccount("Kept");
  const cookie = await api.signInAs(accountId, "viewer", email);
  const headers = { origin: "https://evil.example" };
  expect((await api.ask("DELETE", "/api/v1/me", { cookie, headers, body: { email } })).status).toBe(403);
  expect((await api.ask("DELETE", "/api/v1/me", { key, body: { email } })).status).toBe(409);
  const createdAt = new Date(Date.now() - 16 * 60_000);
  await api.db.session.updateMany({ where: { user: { email } }, data: { createdAt } });
  expect((await leave(cookie, email)).status).toBe(403);
  expect(await api.db.user.count({ where: { email } })).toBe(1);
});

test("the export holds what is kept about a person, no secret, and nothing of another person", async () => {
  const email = "export@people.example";
  const { accountId } = await api.newAccount("Exported");
  const cookie = await api.signInAs(accountId, "editor", email);
  await api.signInAs(accountId, "owner", "colleague@people.example");
  await api.ask("POST", "/api/v1/domains", { cookie, body: { domain: "exported.example" } });
  const answer = await api.ask("GET", "/api/v1/me/export", { cookie });
  expect(answer.json).toMatchObject({
    person: { email },
    signIn: { twoFactorEnabled: false, passkeys: [] },
    sessions: [{ signedInBy: "password" }],
    memberships: [{ account: { name: "Exported" }, role: "editor" }],
    events: [{ kind: "domain.added", accountId }],
  });
  const { token } = await api.db.session.findFirstOrThrow({ where: { user: { email } } });
  const { password } = await api.db.credential.findFirstOrThrow({ where: { user: { email } } });
  for (const secret of [token, password ?? "", "colleague"]) expect(answer.text).not.toContain(secret);
});

test("at most 100 of many simultaneous requests create an API key, and each key names its maker", async () => {
  const { accountId } = await api.newAccount("Many keys");
  const cookie = await api.signInAs(accountId, "owner", "maker@people.example");
  const rows = Array.from({ length: 93 }, (_, n) => ({ id: `k${n}`, key: `k${n}`, referenceId: accountId }));
  await api.db.apikey.createMany({ data: rows });
  const body = { name: "k" };
  const make = () => api.ask("POST", "/api/v1/api-keys", { cookie, body });
  const statuses = (await Promise.all(Array.from({ length: 12 }, make))).map(({ status }) => status);
  expect(statuses.filter((status) => status === 201).length).toBe(6);
  expect(await api.db.apikey.count({ where: { referenceId: accountId } })).toBe(100);
  const { items } = Object((await api.ask("GET", "/api/v1/api-keys", { cookie })).json);
  expect(items[0].createdBy).toMatchObject({ name: "maker" });
});

test("the keys of a removed member end, also one made with another key, unless the person who removes them takes them over", async () => {
  const { accountId } = await api.newAccount("Removing");
  const owner = await api.signInAs(accountId, "owner");
  const add = async (email: string) => {
    const cookie = await api.signInAs(accountId, "admin", email);
    const first = await makeKey(cookie, accountId, "admin");
    const made = await api.ask("POST", "/api/v1/api-keys", { key: first, body: { name: "child" } });
    const { id } = await api.db.user.findUniqueOrThrow({ where: { email } });
    return { id, cookie, keys: [first, String(Object(made.json).key)] };
  };
  const gone = await add("gone@people.example");
  expect((await api.ask("DELETE", `/api/v1/members/${gone.id}`, { cookie: owner })).status).toBe(204);
  expect(await Promise.all(gone.keys.map(keyWorks))).toEqual([false, false]);

  const kept = await add("kept-keys@people.example");
  const path = `/api/v1/members/${kept.id}?apiKeys=takeOver`;
  expect((await api.ask("DELETE", path, { cookie: owner })).status).toBe(204);
  expect(await Promise.all(kept.keys.map(keyWorks))).toEqual([true, true]);

  const lowered = await add("lowered@people.example");
  const small = await makeKey(lowered.cookie, accountId, "read");
  const role = { cookie: owner, body: { role: "viewer" } };
  expect((await api.ask("PUT", `/api/v1/members/${lowered.id}`, role)).status).toBe(200);
  expect(await Promise.all([...lowered.keys, small].map(keyWorks))).toEqual([false, false, true]);
});

test("a member who leaves cannot keep the API keys they made, not even in customers", async () => {
  const provider = await api.newAccount("Provider");
  await api.signInAs(provider.accountId, "owner");
  const email = "self@people.example";
  const cookie = await api.signInAs(provider.accountId, "admin", email);
  const { id } = await api.db.user.findUniqueOrThrow({ where: { email } });
  const customer = await api.newAccount("Customer");
  await api.db.organization.update({
    where: { id: customer.accountId },
    data: { parentId: provider.accountId },
  });
  const key = await makeKey(cookie, customer.accountId, "admin");
  const path = `/api/v1/members/${id}?apiKeys=takeOver`;
  expect((await api.ask("DELETE", path, { cookie, account: provider.accountId })).status).toBe(204);
  expect(await keyWorks(key)).toBe(false);
});
