import { randomUUID } from "node:crypto";
import type { Role } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { createApiKey } from "../accounts/create-api-key.ts";
import type { Person } from "../accounts/person.ts";
import { removeMember } from "../accounts/remove-member.ts";
import { suspendAccount } from "../accounts/suspend-account.ts";
import { type AuthenticateOptions, authenticate, authenticatePerson } from "./authenticate.ts";
import type { Auth } from "./create-auth.ts";
import { getMe } from "./get-me.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const source = () => ({ db: database.db, now: people.now });

/** Sign-in that finds the session named in the cookie, as the library would. */
const auth = {
  api: {
    getSession: async ({ headers }: { headers: Headers }) => {
      const id = headers.get("cookie") ?? "";
      const row = await database.db.session.findUnique({ where: { id }, include: { user: true } });
      if (!row) return null;
      const { user, ...session } = row;
      return { user, session };
    },
  },
} as unknown as Auth;

const bySession = (sessionId: string, options?: AuthenticateOptions) =>
  authenticate(source(), auth, new Headers({ cookie: sessionId }), options);
const byKey = (key: string, options?: AuthenticateOptions) =>
  authenticate(source(), auth, new Headers({ authorization: `Bearer ${key}` }), options);
const join = (person: Person, organizationId: string, role: Role) =>
  database.db.member.create({ data: { id: randomUUID(), organizationId, userId: person.id, role } });

/** A provider with a customer, and a member of the provider. */
async function start(role: Role = "editor") {
  const provider = await people.addAccount({ name: "Provider" });
  const customer = await people.addAccount({ parentId: provider, name: "Customer" });
  const { ctx, person } = await people.addMember(provider, role);
  return { provider, customer, ctx, person };
}

test("a session acts as its person, with the role they have in the account", async () => {
  const { provider, person } = await start("editor");
  const found = await bySession(person.sessionId);
  expect(found).toMatchObject({
    by: "session",
    role: "editor",
    sessionId: person.sessionId,
    startsHere: true,
  });
  expect(found.ctx).toMatchObject({
    accountId: provider,
    role: "editor",
    actor: { kind: "user", id: person.id, name: person.name },
  });
});

test("no session, an empty one and an unknown one are not signed in", async () => {
  for (const sessionId of ["", "unknown"])
    await expect(bySession(sessionId)).rejects.toMatchObject({ code: "unauthenticated" });
  await expect(authenticatePerson(source(), auth, new Headers())).rejects.toMatchObject({
    code: "unauthenticated",
  });
});

test("a look-up of the session that fails is no sign-out", async () => {
  const broken = { api: { getSession: async () => Promise.reject(new Error("connection lost")) } };
  await expect(authenticate(source(), broken as unknown as Auth, new Headers())).rejects.toMatchObject({
    code: "unavailable",
    reason: "database_away",
    message: expect.not.stringContaining("connection lost"),
  });
});

test("a request names a customer or another account of the person; a stranger's is like one that never was", async () => {
  const { provider, customer, person } = await start("admin");
  const other = await people.addAccount();
  await join(person, other, "viewer");
  const stranger = await people.addAccount();
  expect(await bySession(person.sessionId, { named: customer })).toMatchObject({
    ctx: { accountId: customer, role: "admin" },
    startsHere: false,
  });
  expect((await bySession(person.sessionId, { named: other })).role).toBe("viewer");
  expect((await bySession(person.sessionId, { named: provider })).startsHere).toBe(true);
  const answers = await Promise.all(
    [stranger, randomUUID(), ""].map((named) =>
      bySession(person.sessionId, { named }).catch(({ code, message }) => `${code} ${message}`),
    ),
  );
  expect(new Set(answers)).toEqual(new Set(["not_found There is no such account."]));
});

test("with several accounts a request that changes something must name one; with one it need not", async () => {
  const { person, customer } = await start();
  await expect(bySession(person.sessionId, { mustName: true })).rejects.toMatchObject({
    code: "account_required",
  });
  expect((await bySession(person.sessionId, { mustName: true, named: customer })).ctx.accountId).toBe(
    customer,
  );
  const { person: single } = await people.addMember(await people.addAccount());
  expect(await bySession(single.sessionId, { mustName: true })).toMatchObject({ startsHere: true });
});

test("a person who was removed reads by whom; everyone else reads that there is no such account", async () => {
  const { provider, ctx: owner } = await start("owner");
  const { person } = await people.addMember(provider, "viewer");
  await removeMember(owner, { userId: person.id });
  await expect(bySession(person.sessionId, { named: provider })).rejects.toMatchObject({
    code: "no_account",
    message: expect.stringMatching(/^Ann removed you from Provider on /),
  });
  await expect(bySession(person.sessionId)).rejects.toMatchObject({ code: "no_account" });
});

test("a session whose account was left starts in the oldest one that is left", async () => {
  const { ctx: owner, provider } = await start("owner");
  const { person } = await people.addMember(provider, "viewer");
  people.wait(1_000);
  const next = await people.addAccount();
  await database.db.member.create({
    data: {
      id: randomUUID(),
      organizationId: next,
      userId: person.id,
      role: "editor",
      createdAt: people.now(),
    },
  });
  await removeMember(owner, { userId: person.id });
  expect(await bySession(person.sessionId)).toMatchObject({ ctx: { accountId: next }, startsHere: false });
});

test.each(["provider", "customer"] as const)(
  "where the %s is suspended, neither session nor API key acts in the customer",
  async (which) => {
    const started = await start("owner");
    const { key } = await createApiKey(started.ctx, { name: "Deploy" });
    await suspendAccount(source(), started[which], "Unpaid");
    const named = started.customer;
    const refusal = { code: "forbidden", reason: "account_suspended" };
    await expect(bySession(started.person.sessionId, { named })).rejects.toMatchObject(refusal);
    await expect(byKey(key, { named })).rejects.toMatchObject(refusal);
    if (which === "customer") expect((await byKey(key)).ctx.accountId).toBe(started.provider);
  },
);

test.each([
  ["a password without an app", true, {}, "password"],
  ["a password and an app", false, { twoFactorEnabled: true }, "password"],
  ["a passkey", false, {}, "passkey"],
] as const)(
  "where two-factor is required, a session by %s lacks it: %s",
  async (_what, isLacking, user, signedInBy) => {
    const { provider, person } = await start();
    await database.db.organization.update({ where: { id: provider }, data: { requiresTwoFactor: true } });
    await database.db.user.update({ where: { id: person.id }, data: user });
    await database.db.session.update({ where: { id: person.sessionId }, data: { signedInBy } });
    const asked = bySession(person.sessionId);
    if (isLacking)
      await expect(asked).rejects.toMatchObject({ code: "forbidden", reason: "two_factor_required" });
    else expect((await asked).lacksTwoFactor).toBe(false);
    expect((await bySession(person.sessionId, { forSetup: true })).lacksTwoFactor).toBe(isLacking);
  },
);

async function requireSso(accountId: string) {
  const sso = { issuer: "https://id.example", clientId: "c", clientSecretJwe: "x", domains: [] };
  await database.db.accountSso.create({
    data: { accountId, ...sso, isRequired: true, updatedAt: people.now() },
  });
}
const addSsoSession = (person: Person, ssoAccountId: string, data: object = {}) =>
  people.addSession(person.id, { ssoAccountId, signedInBy: "sso", createdAt: people.now(), ...data });

test("where single sign-on is required, a session that came otherwise only sets up; one by it works", async () => {
  const { provider, customer, person } = await start("admin");
  await requireSso(provider);
  for (const named of [provider, customer])
    await expect(bySession(person.sessionId, { named })).rejects.toMatchObject({ reason: "sso_required" });
  expect((await bySession(person.sessionId, { forSetup: true })).lacksSso).toBe(true);
  const sso = await addSsoSession(person, provider);
  expect(await bySession(sso, { named: customer })).toMatchObject({
    lacksSso: false,
    ssoAccountId: provider,
  });
  const { person: owner } = await people.addMember(provider, "owner");
  expect((await bySession(owner.sessionId)).lacksSso).toBe(false);
});

test("a session of single sign-on acts in its account and that one's customers only", async () => {
  const { provider, customer, person } = await start("admin");
  const other = await people.addAccount();
  await join(person, other, "owner");
  const sso = await addSsoSession(person, provider);
  expect(await bySession(sso)).toMatchObject({ ctx: { accountId: provider }, startsHere: true });
  expect((await bySession(sso, { named: customer })).role).toBe("admin");
  await expect(bySession(sso, { named: other })).rejects.toMatchObject({ code: "not_found" });
  // Wherever the row says that it starts.
  await database.db.session.update({ where: { id: sso }, data: { activeOrganizationId: other } });
  expect((await bySession(sso)).ctx.accountId).toBe(provider);
  await database.db.member.deleteMany({ where: { userId: person.id, organizationId: provider } });
  await expect(bySession(sso)).rejects.toMatchObject({ code: "no_account" });
});

test("a session of single sign-on is over twelve hours after it began, however busy it was", async () => {
  const { provider, person } = await start();
  const sso = await addSsoSession(person, provider, {
    expiresAt: new Date(people.now().getTime() + 30 * DAY_MS),
  });
  people.wait(12 * HOUR_MS - 1);
  expect(await authenticatePerson(source(), auth, new Headers({ cookie: sso }))).toMatchObject({
    id: person.id,
    ssoAccountId: provider,
  });
  people.wait(1);
  await expect(bySession(sso)).rejects.toMatchObject({ code: "unauthenticated", reason: "session_expired" });
});

test("an API key acts in its account and that one's customers, with the rights of its scope", async () => {
  const { provider, customer, ctx } = await start("owner");
  const { key, id } = await createApiKey(ctx, { name: "Deploy", scope: "write" });
  const found = await byKey(key, { mustName: true });
  expect(found).toMatchObject({ by: "apiKey", startsHere: true, signedInAt: new Date(0) });
  expect(found.ctx).toMatchObject({ accountId: provider, actor: { kind: "apiKey", id, name: "Deploy" } });
  expect(found).not.toHaveProperty("sessionId");
  expect(await byKey(key, { named: customer })).toMatchObject({
    ctx: { accountId: customer },
    startsHere: false,
  });
  const { ctx: stranger } = await people.addMember(await people.addAccount());
  for (const named of [stranger.accountId, randomUUID()])
    await expect(byKey(key, { named })).rejects.toMatchObject({
      code: "not_found",
      message: "There is no such account.",
    });
});

test("a customer's key does not act in the provider or another customer", async () => {
  const { provider, customer, ctx } = await start("owner");
  const sibling = await people.addAccount({ parentId: provider });
  const { key } = await createApiKey({ ...ctx, accountId: customer }, { name: "Theirs" });
  for (const named of [provider, sibling])
    await expect(byKey(key, { named })).rejects.toMatchObject({ code: "not_found" });
});

test.each([
  ["Bearer", false],
  ["Bearer ", false],
  ["Basic KEY", false],
  ["KEY", false],
  ["Bearer KEYx", false],
  ["Bearer KEY KEY", false],
  ["Bearer wxs_%", false],
  ["bearer KEY", true],
  ["Bearer  KEY ", true],
])("RFC 6750 §2.1: the header %j is a valid key: %s", async (pattern, isValid) => {
  const { ctx } = await start("owner");
  const { key } = await createApiKey(ctx, { name: "Deploy" });
  const headers = new Headers({ authorization: pattern.replaceAll("KEY", key) });
  const asked = authenticate(source(), auth, headers);
  if (isValid) expect((await asked).by).toBe("apiKey");
  else await expect(asked).rejects.toMatchObject({ code: "unauthenticated", reason: "key_not_valid" });
});

test("a bad key beside a good session is refused: the header is what the caller meant", async () => {
  const { person } = await start();
  const headers = new Headers({ authorization: "Bearer nonsense", cookie: person.sessionId });
  await expect(authenticate(source(), auth, headers)).rejects.toMatchObject({ reason: "key_not_valid" });
});

test("a key ends at its instant, and when it is disabled", async () => {
  const { ctx } = await start("owner");
  const { key, id } = await createApiKey(ctx, { name: "Short", expiresInDays: 1 });
  people.wait(DAY_MS - 1);
  expect((await byKey(key)).by).toBe("apiKey");
  people.wait(1);
  await expect(byKey(key)).rejects.toMatchObject({ code: "unauthenticated" });
  await database.db.apikey.update({ where: { id }, data: { expiresAt: null, enabled: false } });
  await expect(byKey(key)).rejects.toMatchObject({ code: "unauthenticated" });
});

test("when a key was last used is kept to the minute", async () => {
  const { ctx } = await start("owner");
  const { key, id } = await createApiKey(ctx, { name: "Busy" });
  const lastUsed = async () =>
    (await database.db.apikey.findUniqueOrThrow({ where: { id } })).lastRequest?.getTime();
  await byKey(key);
  const first = people.now().getTime();
  people.wait(60_000);
  await byKey(key);
  expect(await lastUsed()).toBe(first);
  people.wait(1);
  await byKey(key);
  expect(await lastUsed()).toBe(first + 60_001);
});

test("an API key is no person", async () => {
  const { ctx } = await start("owner");
  const { key } = await createApiKey(ctx, { name: "Deploy" });
  const ask = (text: string) =>
    authenticatePerson(source(), auth, new Headers({ authorization: `Bearer ${text}` }));
  await expect(ask(key)).rejects.toMatchObject({ code: "conflict", reason: "not_a_person" });
  await expect(ask("wrong")).rejects.toMatchObject({ code: "unauthenticated" });
});

test("the view of a person names their accounts, their identity provider, and what they lack", async () => {
  const { provider, customer, person } = await start("admin");
  await database.db.organization.update({ where: { id: customer }, data: { requiresTwoFactor: true } });
  await people.addPasskey(person.id);
  const me = await getMe(await bySession(person.sessionId, { named: customer, forSetup: true }));
  expect(me).toMatchObject({
    user: { id: person.id, email: person.email },
    account: { id: customer, role: "admin", closingAt: null },
    provider: { id: provider, name: "Provider" },
    accounts: [{ id: provider, role: "admin" }],
    twoFactor: { enabled: false, hasPasskey: true, required: true, lacking: true, recoveryCodesLeft: null },
    signIn: { hasPassword: false, scope: null },
    startsHere: false,
  });
});

test("an API key sees its account and scope, and no person", async () => {
  const { customer, ctx } = await start("owner");
  const { key } = await createApiKey(ctx, { name: "Deploy", scope: "read" });
  const me = await getMe(await byKey(key, { named: customer }));
  expect(me).toMatchObject({
    user: null,
    account: { id: customer },
    provider: null,
    signIn: { scope: "read" },
  });
});

test("by single sign-on only its account is shown among the person's accounts", async () => {
  const { provider, person } = await start();
  await join(person, await people.addAccount({ name: "Private" }), "owner");
  const me = await getMe(await bySession(await addSsoSession(person, provider)));
  expect(me.accounts.map(({ id }) => id)).toEqual([provider]);
});
