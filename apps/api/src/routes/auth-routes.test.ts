import { createAccount } from "@waxseal/core/accounts";
import Fastify from "fastify";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { PUBLIC_URL, startTestApi, type TestApi } from "../../testing/start-test-api.ts";
import { authRoutes } from "./auth-routes.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

const password = "a long enough password";

async function signUp(email: string, more: object = {}) {
  return api.ask("POST", "/api/auth/sign-up/email", { body: { name: "Ada", email, password, ...more } });
}

async function signIn(email: string, attempt = password) {
  return api.ask("POST", "/api/auth/sign-in/email", { body: { email, password: attempt } });
}

function cookieOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

async function verificationLink(email: string): Promise<string> {
  await expect.poll(() => api.mails.list(email).length).toBeGreaterThan(0);
  const link = /http:\/\/waxseal\.example(\/api\/auth\/verify-email\S+)/.exec(
    api.mails.list(email)[0]?.text ?? "",
  );
  return link?.[1] ?? "";
}

/** Signs up and opens the mailed link in the same browser. Returns its cookie and the link's answer. */
async function signUpAndConfirm(email: string, more: object = {}) {
  const { headers } = await signUp(email, more);
  const verified = await api.ask("GET", await verificationLink(email), { cookie: cookieOf(headers) });
  return { verified, cookie: cookieOf(verified.headers) };
}

test("signing up leads by the mailed link to a session in an account of one's own", async () => {
  const email = "ada@example.com";
  const signedUp = await signUp(email, { accountName: "Analytical Engines" });
  expect(signedUp.status).toBe(200);

  const early = await signIn(email);
  expect(early.status).toBe(401);
  expect(early.headers.getSetCookie()).toEqual([]);

  const cookie = cookieOf(signedUp.headers);
  const verified = await api.ask("GET", await verificationLink(email), { cookie });
  expect(verified.status).toBe(302);
  expect(verified.headers.get("location")).toBe("/");

  const me = await api.ask("GET", "/api/v1/me", { cookie: cookieOf(verified.headers) });
  expect(me.json).toMatchObject({
    user: { name: "Ada", email },
    account: { name: "Analytical Engines", role: "owner" },
    accounts: [{ name: "Analytical Engines" }],
    hostedZone: "hosted.example",
  });
  expect((await signIn(email)).status).toBe(200);
});

test("without a name for it the account is called after its owner", async () => {
  const { cookie } = await signUpAndConfirm("grace@example.com", { name: "Grace" });
  const me = await api.ask("GET", "/api/v1/me", { cookie });
  expect(me.json).toMatchObject({ account: { name: "Grace's account" } });
});

test("a taken address is answered like a free one; its owner gets a mail", async () => {
  const email = "taken@example.com";
  const first = await signUp(email);
  const cookie = cookieOf(first.headers);
  await api.ask("GET", await verificationLink(email), { cookie });
  const second = await signUp(email, { name: "Mallory" });
  expect(second.status).toBe(first.status);
  const shape = (json: unknown) => Object.keys(Object(Object(json).user)).sort();
  expect(shape(second.json)).toEqual(shape(first.json));
  await expect.poll(() => api.mails.list(email).length).toBe(2);
  expect(api.mails.list(email)[0]?.subject).toMatch(/already have/);
});

test("a wrong password and an unknown address get the same answer", async () => {
  await signUp("known@example.com");
  const wrong = await signIn("known@example.com", "not the password");
  const unknown = await signIn("unknown@example.com", "not the password");
  expect([wrong.status, wrong.text]).toEqual([401, unknown.text]);
  expect(unknown.status).toBe(401);
});

test("a password of fewer than twelve characters is refused", async () => {
  const refused = await signUp("short@example.com", { password: "11 letters." });
  expect(refused.status).toBe(400);
  expect(await api.db.user.count({ where: { email: "short@example.com" } })).toBe(0);
});

test("a request that changes something with a session cookie must come from a page of ours", async () => {
  const { cookie } = await signUpAndConfirm("page@example.com");
  const send = (headers: Record<string, string>) =>
    fetch(`${api.url}/api/v1/api-keys`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie, ...headers },
      body: JSON.stringify({ name: "k" }),
    });
  expect((await send({ origin: "https://evil.example" })).status).toBe(403);
  expect((await send({ "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect((await send({ "sec-fetch-site": "same-site", origin: "http://other.waxseal.example" })).status).toBe(
    403,
  );
  expect((await send({})).status).toBe(403);
  expect((await send({ origin: PUBLIC_URL })).status).toBe(201);
  expect((await send({ "sec-fetch-site": "same-origin" })).status).toBe(201);
});

test("a session acts in the account chosen, and loses it at once when its user does not belong there any more", async () => {
  const email = "two@example.com";
  const { cookie } = await signUpAndConfirm(email);
  const source = { db: api.db, now: () => new Date() };
  const second = await createAccount(source, { name: "Second", ownerEmail: email });
  const stranger = await createAccount(source, { name: "Stranger" });
  const account = async () => Object((await api.ask("GET", "/api/v1/me", { cookie })).json).account;
  const choose = (accountId: string) => api.ask("PUT", "/api/v1/me/account", { cookie, body: { accountId } });

  expect(await account()).toMatchObject({ name: "Ada's account" });
  expect((await choose(second.id)).status).toBe(204);
  expect(await account()).toMatchObject({ id: second.id, role: "owner" });
  expect((await choose(stranger.id)).status).toBe(404);

  await choose(second.id);
  await api.db.member.deleteMany({ where: { organizationId: second.id } });
  expect(await account()).toMatchObject({ name: "Ada's account" });
  await api.db.member.deleteMany({ where: { user: { email } } });
  const outside = await api.ask("GET", "/api/v1/domains", { cookie });
  expect([outside.status, Object(outside.json).code]).toEqual([403, "no_account"]);
  const person = await api.ask("GET", "/api/v1/me/person", { cookie });
  expect(person.json).toMatchObject({ email, accounts: [], mayStartAccount: true });
  const body = { name: "A new start" };
  const started = await api.ask("POST", "/api/v1/me/accounts", { cookie, body });
  expect([started.status, await account()]).toMatchObject([201, { name: "A new start", role: "owner" }]);
});

test("a sign-in starts in the account its user worked in last, and in another one when that is closed to them", async () => {
  const email = "last@example.com";
  const { cookie } = await signUpAndConfirm(email, { accountName: "First" });
  const source = { db: api.db, now: () => new Date() };
  const second = await createAccount(source, { name: "Second", ownerEmail: email });
  await api.ask("PUT", "/api/v1/me/account", { cookie, body: { accountId: second.id } });
  const startOf = async () => {
    const me = await api.ask("GET", "/api/v1/me", { cookie: cookieOf((await signIn(email)).headers) });
    return Object(me.json).account.name;
  };
  expect(await startOf()).toBe("Second");
  await api.db.member.deleteMany({ where: { organizationId: second.id } });
  expect(await startOf()).toBe("First");
});

test("signing in is limited per client", async () => {
  const limited = await startTestApi(inject("templateDatabaseUrl"), { limitsRate: true });
  try {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 22; attempt++) {
      const body = { email: "nobody@example.com", password };
      // What the client says of its own address is not believed.
      const headers = { "x-waxseal-client-address": `198.51.100.${attempt}` };
      statuses.push((await limited.ask("POST", "/api/auth/sign-in/email", { body, headers })).status);
    }
    expect(statuses.slice(0, 20)).toEqual(statuses.slice(0, 20).map(() => 401));
    expect(statuses.slice(20)).toEqual([429, 429]);
    // A company signs in from one address, more often than the 300 other requests that an address has.
    for (const [path, body, allowed] of [
      ["/sso/start", { email: "nobody@example.com" }, 320],
      ["/sso/finish", { code: "c", state: "s" }, 320],
      ["/passkey/verify-authentication", { response: {} }, 100],
    ] as const) {
      const ask = async () => (await limited.ask("POST", `/api/auth${path}`, { body })).status;
      for (let asked = 0; asked < allowed; asked += 20)
        expect([path, await Promise.all(Array.from({ length: 20 }, ask))]).not.toEqual([
          path,
          expect.arrayContaining([429]),
        ]);
    }
  } finally {
    await limited.stop();
  }
}, 60_000);

test("cookies are HttpOnly, SameSite, and Secure where the site is https", async () => {
  const secure = await startTestApi(inject("templateDatabaseUrl"), { publicUrl: "https://waxseal.example" });
  try {
    const body = { name: "Ada", email: "secure@example.com", password };
    const headers = { origin: "https://waxseal.example" };
    const signedUp = await secure.ask("POST", "/api/auth/sign-up/email", { body, headers });
    await expect.poll(() => secure.mails.list("secure@example.com").length).toBe(1);
    const link = /https:\/\/waxseal\.example(\S+)/.exec(
      secure.mails.list("secure@example.com")[0]?.text ?? "",
    );
    const verified = await secure.ask("GET", link?.[1] ?? "", { cookie: cookieOf(signedUp.headers) });
    const cookie = verified.headers.getSetCookie().find((one) => one.includes("session_token")) ?? "";
    expect(cookie).toMatch(/^__Secure-waxseal\.session_token=/);
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; Secure/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(verified.headers.get("strict-transport-security")).toMatch(/max-age=/);
    const challenge = await secure.ask("GET", "/api/auth/passkey/generate-authenticate-options");
    expect(challenge.headers.getSetCookie()[0]).toMatch(
      /^__Secure-waxseal\.passkey=.*; HttpOnly; Secure; SameSite=Lax/i,
    );
  } finally {
    await secure.stop();
  }
});

test("a password that everybody uses is refused with the reason, before any account is made", async () => {
  const refused = await api.ask("POST", "/api/auth/sign-up/email", {
    body: { name: "Ada", email: "common@example.com", password: "Password2024!" },
  });
  expect([refused.status, Object(refused.json).code]).toEqual([400, "PASSWORD_TOO_COMMON"]);
  expect(await api.db.user.count({ where: { email: "common@example.com" } })).toBe(0);
});

test("a request to change a password that another site sends with the cookie is refused", async () => {
  const { accountId } = await api.newAccount("Forged");
  const cookie = await api.signInAs(accountId, "owner", "forged@example.com");
  const body = { currentPassword: password, newPassword: "another long enough password" };
  const change = (origin: string) =>
    api.ask("POST", "/api/auth/change-password", { cookie, body, headers: { origin } });
  expect((await change("https://evil.example")).status).toBe(403);
  expect((await change("null")).status).toBe(403);
  expect((await signIn("forged@example.com")).status).toBe(200);
  expect((await change(PUBLIC_URL)).status).toBe(200);
});

test("too many passwords at once are said in words, with 503", async () => {
  const refusal = { code: "TOO_BUSY", message: "Too many people are signing in right now." };
  const app = Fastify();
  const handler = async () => Response.json(refusal, { status: 503 });
  await app.register(authRoutes({ auth: { handler }, publicUrl: PUBLIC_URL }));
  const answer = await app.inject({ method: "POST", url: "/api/auth/sign-in/email", payload: {} });
  expect([answer.statusCode, answer.json()]).toEqual([503, refusal]);
  await app.close();
});
