import { createAccount, createUser } from "@waxseal/core/accounts";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { PUBLIC_URL, startTestApi, type TestApi } from "../testing/start-test-api.ts";

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

test("signing up leads by the mailed link to a session in an account of one's own", async () => {
  const email = "ada@example.com";
  expect((await signUp(email, { accountName: "Analytical Engines" })).status).toBe(200);

  const early = await signIn(email);
  expect(early.status).toBe(403);
  expect(early.headers.getSetCookie()).toEqual([]);

  const verified = await api.ask("GET", await verificationLink(email));
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
  await signUp("grace@example.com", { name: "Grace" });
  const verified = await api.ask("GET", await verificationLink("grace@example.com"));
  const me = await api.ask("GET", "/api/v1/me", { cookie: cookieOf(verified.headers) });
  expect(me.json).toMatchObject({ account: { name: "Grace's account" } });
});

test("a taken address is answered like a free one; its owner is told by mail", async () => {
  const email = "taken@example.com";
  const first = await signUp(email);
  await expect.poll(() => api.mails.list(email).length).toBe(1);
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
  await signUp("page@example.com");
  const cookie = cookieOf((await api.ask("GET", await verificationLink("page@example.com"))).headers);
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
  await signUp(email);
  const cookie = cookieOf((await api.ask("GET", await verificationLink(email))).headers);
  const source = { db: api.db, now: () => new Date() };
  const second = await createAccount(source, { name: "Second", ownerEmail: email });
  const stranger = await createAccount(source, { name: "Stranger" });
  const account = async () => Object((await api.ask("GET", "/api/v1/me", { cookie })).json).account;
  const choose = (organizationId: string) =>
    api.ask("POST", "/api/auth/organization/set-active", { cookie, body: { organizationId } });

  expect(await account()).toMatchObject({ name: "Ada's account" });
  expect((await choose(second.id)).status).toBe(200);
  expect(await account()).toMatchObject({ id: second.id, role: "owner" });
  expect((await choose(stranger.id)).status).toBe(403);

  await choose(second.id);
  await api.db.member.deleteMany({ where: { organizationId: second.id } });
  expect(await account()).toMatchObject({ name: "Ada's account" });
  await api.db.member.deleteMany({ where: { user: { email } } });
  const outside = await api.ask("GET", "/api/v1/domains", { cookie });
  expect([outside.status, Object(outside.json).code]).toEqual([403, "forbidden"]);
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
    for (const [path, body] of [
      ["/sso/start", { email: "nobody@example.com" }],
      ["/sso/finish", { code: "c", state: "s" }],
      ["/passkey/verify-authentication", { response: {} }],
    ] as const) {
      const ask = () => limited.ask("POST", `/api/auth${path}`, { body });
      for (let attempt = 0; attempt < 20; attempt++)
        expect([path, (await ask()).status]).not.toEqual([path, 429]);
      expect([path, (await ask()).status]).toEqual([path, 429]);
    }
  } finally {
    await limited.stop();
  }
  // Twenty passwords are hashed.
}, 60_000);

test("one person's password cannot be guessed from many addresses, and an address nobody has is answered the same", async () => {
  const later = { ms: 0 };
  const now = () => new Date(Date.now() + later.ms);
  const limited = await startTestApi(inject("templateDatabaseUrl"), { limitsRate: true, now });
  try {
    const email = "many@example.com";
    await createUser({ db: limited.db, now }, { email, password });
    let from = 0;
    const attempt = async (address: string, tried: string) => {
      // The front hands the client's address over.
      const headers = { "x-forwarded-for": `198.51.100.${++from}` };
      const body = { email: address, password: tried };
      return (await limited.ask("POST", "/api/auth/sign-in/email", { body, headers })).status;
    };
    for (const address of [email, "nobody@example.com"]) {
      for (let tries = 0; tries < 20; tries++) expect(await attempt(address, "not the password")).toBe(401);
      expect(await attempt(address.toUpperCase(), password)).toBe(429);
    }
    later.ms = 16 * 60_000;
    expect(await attempt(email, password)).toBe(200);
  } finally {
    await limited.stop();
  }
  // Forty passwords are hashed.
}, 60_000);

test("cookies are HttpOnly, SameSite, and Secure where the site is https", async () => {
  const secure = await startTestApi(inject("templateDatabaseUrl"), { publicUrl: "https://waxseal.example" });
  try {
    const body = { name: "Ada", email: "secure@example.com", password };
    const headers = { origin: "https://waxseal.example" };
    await secure.ask("POST", "/api/auth/sign-up/email", { body, headers });
    await expect.poll(() => secure.mails.list("secure@example.com").length).toBe(1);
    const link = /https:\/\/waxseal\.example(\S+)/.exec(
      secure.mails.list("secure@example.com")[0]?.text ?? "",
    );
    const verified = await secure.ask("GET", link?.[1] ?? "");
    const [cookie = ""] = verified.headers.getSetCookie();
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
