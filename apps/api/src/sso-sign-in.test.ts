import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { computeTotp } from "../testing/compute-totp.ts";
import { keepCookies, type SsoScene, startSsoScene } from "../testing/start-sso-scene.ts";

let scene: SsoScene;
beforeAll(async () => {
  scene = await startSsoScene(inject("templateDatabaseUrl"));
});
afterEach(() => scene.idp.forget());
afterAll(() => scene.stop());

const password = "a long enough password";
const get = (path: string, cookie: string, headers = {}) =>
  scene.api.ask("GET", `/api/v1${path}`, { cookie, headers });
const post = (path: string, cookie: string, body: object) =>
  scene.api.ask("POST", `/api/auth${path}`, { cookie, body });

test("a member comes in by code, PKCE, state and nonce, and the secret goes in the header", async () => {
  const { idp } = scene;
  await scene.addMember("ada@corp.example", "editor");
  const { url } = await scene.start("Ada@corp.example");
  const query = Object.fromEntries(new URL(url).searchParams);
  expect(query).toMatchObject({
    response_type: "code",
    scope: "openid email profile",
    code_challenge_method: "S256",
    redirect_uri: "http://waxseal.example/sign-in/sso",
  });
  idp.forget();
  const { answer, cookie } = await scene.signIn("ada@corp.example");
  expect([answer.status, answer.json]).toEqual([200, { twoFactorRedirect: false }]);
  const token = idp.asked.find(({ path }) => path === "/token");
  const basic = Buffer.from("waxseal:s3cret%3A+of+ours").toString("base64");
  expect(token?.authorization).toBe(`Basic ${basic}`);
  expect(token?.form.get("code_verifier")).toMatch(/^[\w-]{43}$/);
  expect((await get("/me", cookie)).json).toMatchObject({
    user: { email: "ada@corp.example" },
    account: { name: "Corp", role: "editor" },
    signIn: { by: "sso", lacksSso: false },
  });
});

test("starting says the same for a known and an unknown address, and asks for no user", async () => {
  await scene.addMember("known@corp.example");
  const shape = async (email: string) => {
    const { answer, url } = await scene.start(email);
    return [answer.status, Object.keys(Object(answer.json)), new URL(url).pathname];
  };
  expect(await shape("known@corp.example")).toEqual(await shape("unknown@corp.example"));
  expect((await scene.start("ada@no-sso.example")).answer.status).toBe(404);
});

test("a session opens the account and its customers, and nothing else of its user", async () => {
  const { api, accountId } = scene;
  const userId = await scene.addMember("both@corp.example", "admin");
  const other = await api.newAccount("Their own");
  await api.db.member.create({
    data: {
      id: randomUUID(),
      organizationId: other.accountId,
      userId,
      role: "owner",
      createdAt: new Date(0),
    },
  });
  await api.db.organization.create({ data: { id: "kid", name: "Kid", slug: "kid", parentId: accountId } });
  const { cookie } = await scene.signIn("both@corp.example");
  const elsewhere = await api.ask("POST", "/api/auth/sign-in/email", {
    body: { email: "both@corp.example", password },
  });

  expect((await get("/me", cookie)).json).toMatchObject({
    account: { id: accountId },
    accounts: [{ name: "Corp" }],
  });
  expect((await get("/domains", cookie, { "x-waxseal-account": other.accountId })).status).toBe(404);
  const chosen = await api.ask("PUT", "/api/v1/me/account", { cookie, body: { accountId: other.accountId } });
  expect(chosen.status).toBe(404);
  await api.db.session.updateMany({
    where: { ssoAccountId: accountId, userId },
    data: { activeOrganizationId: other.accountId },
  });
  expect((await get("/me", cookie)).json).toMatchObject({ account: { id: accountId } });
  expect((await get("/me", cookie, { "x-waxseal-account": "kid" })).json).toMatchObject({
    account: { id: "kid", role: "admin" },
  });
  const { items } = Object((await get("/me/sessions", cookie)).json);
  expect(items.map(({ by }: { by: string }) => by)).toEqual(["sso"]);
  expect((await api.ask("DELETE", "/api/v1/me/sessions", { cookie })).status).toBe(204);
  expect((await get("/me", keepCookies("", elsewhere.headers))).status).toBe(200);
});

test("a session is over after twelve hours, however busy it was", async () => {
  const { api } = scene;
  const userId = await scene.addMember("day@corp.example");
  const { cookie } = await scene.signIn("day@corp.example");
  const age = (minutes: number) =>
    api.db.session.updateMany({
      where: { userId },
      data: { createdAt: new Date(Date.now() - minutes * 60_000) },
    });
  await age(12 * 60 - 1);
  expect((await get("/me", cookie)).status).toBe(200);
  await age(12 * 60 + 1);
  expect((await get("/me", cookie)).status).toBe(401);
});

test("a session touches nothing of its user that opens other accounts", async () => {
  const { api } = scene;
  await scene.addMember("narrow@corp.example");
  const { cookie } = await scene.signIn("narrow@corp.example");
  for (const [method, path, body] of [
    ["GET", "/passkey/generate-register-options"],
    ["POST", "/passkey/verify-registration", { response: {} }],
    ["POST", "/change-password", { currentPassword: password, newPassword: "another long password" }],
  ] as const) {
    const answer = await api.ask(method, `/api/auth${path}`, { cookie, ...(body && { body }) });
    expect([path, answer.status, Object(answer.json).code]).toEqual([path, 403, "SSO_SESSION"]);
  }
  expect((await get("/me/passkeys", cookie)).status).toBe(403);
});

test("a person who is neither a member nor invited is refused; invited people join with their role and are logged", async () => {
  const { api, accountId, owner } = scene;
  const stranger = await scene.signIn("new@corp.example");
  expect([stranger.answer.status, Object(stranger.answer.json).code]).toEqual([403, "SSO_REFUSED"]);
  expect(await api.db.user.count({ where: { email: "new@corp.example" } })).toBe(0);
  const body = { email: "new@corp.example", role: "editor" };
  await api.ask("POST", "/api/v1/invitations", { cookie: owner, account: scene.accountId, body });
  const { cookie } = await scene.signIn("new@corp.example", { name: " New\nPerson " });
  expect((await get("/me", cookie)).json).toMatchObject({
    user: { name: "New Person" },
    account: { id: accountId, role: "editor" },
    accounts: [{ id: accountId }],
    signIn: { hasPassword: false },
  });
  const events = await get("/events?kind=member.joined", owner);
  expect(Object(events.json).items[0]).toMatchObject({ data: { email: "new@corp.example", role: "editor" } });
});

test("a subject stays who it was; another subject with the same address is refused until the member is invited again", async () => {
  const { api, accountId, owner } = scene;
  const userId = await scene.addMember("stable@corp.example");
  expect((await scene.signIn("stable@corp.example", { sub: "s1" })).answer.status).toBe(200);
  const moved = await scene.signIn("renamed@corp.example", { sub: "s1" });
  expect((await get("/me", moved.cookie)).json).toMatchObject({ user: { email: "stable@corp.example" } });
  expect((await scene.signIn("stable@corp.example", { sub: "s2" })).answer.status).toBe(403);

  await api.db.session.updateMany({ where: { userId }, data: { activeOrganizationId: null } });
  expect(
    (await api.ask("DELETE", `/api/v1/members/${userId}`, { cookie: owner, account: scene.accountId }))
      .status,
  ).toBe(204);
  expect((await get("/me", moved.cookie)).status).toBe(401);
  expect((await scene.signIn("stable@corp.example", { sub: "s1" })).answer.status).toBe(403);
  const body = { email: "stable@corp.example", role: "viewer" };
  await api.ask("POST", "/api/v1/invitations", { cookie: owner, account: scene.accountId, body });
  expect((await scene.signIn("stable@corp.example", { sub: "s2" })).answer.status).toBe(200);
  expect(await api.db.ssoIdentity.findMany({ where: { accountId, userId } })).toMatchObject([
    { subject: "s2" },
  ]);
});

test("a user with an authenticator app is asked for its code, and the session after it reaches no further", async () => {
  const { api, accountId } = scene;
  await scene.addMember("app@corp.example");
  const first = await scene.signIn("app@corp.example");
  const begun = await post("/two-factor/enable", first.cookie, { password });
  const uri = String(Object(begun.json).totpURI);
  const proved = await post("/two-factor/verify-totp", first.cookie, { code: computeTotp(uri) });
  const renewed = keepCookies(first.cookie, proved.headers);
  expect((await get("/me", renewed)).json).toMatchObject({
    signIn: { by: "sso" },
    twoFactor: { enabled: true },
  });
  expect((await get("/me", first.cookie)).status).toBe(401);

  const { answer, cookie } = await scene.signIn("app@corp.example");
  expect(answer.json).toEqual({ twoFactorRedirect: true });
  expect((await get("/me", cookie)).status).toBe(401);
  expect((await post("/two-factor/verify-totp", cookie, { code: "000000" })).status).toBe(401);
  const entered = await post("/two-factor/verify-totp", cookie, { code: computeTotp(uri) });
  const jar = keepCookies(cookie, entered.headers);
  expect((await get("/me", jar)).json).toMatchObject({ account: { id: accountId }, signIn: { by: "sso" } });
  const [row] = await api.db.session.findMany({
    where: { user: { email: "app@corp.example" } },
    orderBy: { createdAt: "desc" },
  });
  expect(row).toMatchObject({ ssoAccountId: accountId, signedInBy: "sso" });
  const forbidden = await api.ask("GET", "/api/auth/passkey/generate-register-options", { cookie: jar });
  expect(Object(forbidden.json).code).toBe("SSO_SESSION");
});

test("where the account requires two-factor, single sign-on alone opens only its set-up, without a password for who has none", async () => {
  const { api, accountId, owner } = scene;
  const email = "bare@corp.example";
  await api.ask("POST", "/api/v1/invitations", {
    cookie: owner,
    account: scene.accountId,
    body: { email, role: "viewer" },
  });
  await api.db.organization.update({ where: { id: accountId }, data: { requiresTwoFactor: true } });
  try {
    const { cookie } = await scene.signIn(email);
    expect((await get("/domains", cookie)).status).toBe(403);
    expect((await get("/me", cookie)).json).toMatchObject({ twoFactor: { lacking: true } });
    const begun = await post("/two-factor/enable", cookie, {});
    const code = computeTotp(String(Object(begun.json).totpURI));
    const proved = await post("/two-factor/verify-totp", cookie, { code });
    expect((await get("/domains", keepCookies(cookie, proved.headers))).status).toBe(200);
  } finally {
    await api.db.organization.update({ where: { id: accountId }, data: { requiresTwoFactor: false } });
  }
});

test("where single sign-on is required, a member by password gets nothing; an owner still does, and customers follow", async () => {
  const { api, accountId, owner } = scene;
  const member = await api.signInAs(accountId, "admin", "required@corp.example");
  await api.db.organization.create({ data: { id: "kid2", name: "Kid", slug: "kid2", parentId: accountId } });
  const require = (isRequired: boolean) =>
    api.ask("PUT", "/api/v1/sso", {
      cookie: owner,
      account: scene.accountId,
      body: scene.body({ isRequired }),
    });
  expect((await require(true)).status).toBe(200);
  expect((await get("/domains", member)).status).toBe(403);
  expect((await get("/domains", member, { "x-waxseal-account": "kid2" })).status).toBe(403);
  expect((await get("/me", member)).json).toMatchObject({ signIn: { lacksSso: true } });
  expect((await get("/domains", owner)).status).toBe(200);
  const { cookie } = await scene.signIn("required@corp.example");
  expect((await get("/domains", cookie)).status).toBe(200);
  expect((await get("/domains", cookie, { "x-waxseal-account": "kid2" })).status).toBe(200);
  await require(false);
  expect((await get("/domains", member)).status).toBe(200);
});
