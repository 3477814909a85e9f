import { randomUUID } from "node:crypto";
import { createAuth, deriveAuthSecrets } from "@waxseal/core/sign-in";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { addPasskeyRow } from "../testing/add-passkey-row.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
/** All endpoints that the installed library and plugins have, as "METHOD /path". */
let endpoints: string[];
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  const auth = createAuth({
    db: api.db,
    secrets: deriveAuthSecrets(`test:${Buffer.alloc(32, 7).toString("base64url")}`),
    publicUrl: "http://waxseal.example",
    queueMail: async () => undefined,
    now: () => new Date(),
  });
  endpoints = Object.values<unknown>(auth.api).flatMap((endpoint) => {
    const { path, options } = Object(endpoint);
    return [options?.method].flat().map((method) => `${method} ${path}`);
  });
});
afterAll(() => api.stop());

const ALLOWED = [
  "GET /passkey/generate-authenticate-options",
  "GET /passkey/generate-register-options",
  "GET /reset-password/:token",
  "GET /verify-email",
  "POST /change-password",
  "POST /confirm-email",
  "POST /passkey/verify-authentication",
  "POST /passkey/verify-registration",
  "POST /request-password-reset",
  "POST /reset-password",
  "POST /send-verification-email",
  "POST /sign-in/email",
  "POST /sign-out",
  "POST /sign-up/email",
  "POST /sso/finish",
  "POST /sso/start",
  "POST /two-factor/disable",
  "POST /two-factor/enable",
  "POST /two-factor/generate-backup-codes",
  "POST /two-factor/verify-backup-code",
  "POST /two-factor/verify-totp",
];

const CLOSED = [
  "GET /account-info",
  "GET /callback/:id",
  "GET /delete-user/callback",
  "GET /error",
  "GET /get-session",
  "GET /list-accounts",
  "GET /list-sessions",
  "GET /ok",
  "GET /passkey/list-user-passkeys",
  "POST /callback/:id",
  "POST /change-email",
  "POST /delete-user",
  "POST /get-access-token",
  "POST /get-session",
  "POST /link-social",
  "POST /passkey/delete-passkey",
  "POST /passkey/update-passkey",
  "POST /refresh-token",
  "POST /revoke-other-sessions",
  "POST /revoke-session",
  "POST /revoke-sessions",
  "POST /sign-in/social",
  "POST /two-factor/get-totp-uri",
  "POST /two-factor/send-otp",
  "POST /two-factor/verify-otp",
  "POST /unlink-account",
  "POST /update-session",
  "POST /update-user",
  "POST /verify-password",
];

const ask = (endpoint: string, who: { cookie?: string; key?: string; body?: object } = {}) => {
  const [method = "", path = ""] = endpoint.split(" ");
  const { body = {}, ...credentials } = who;
  const sent = method === "GET" ? credentials : { ...credentials, body };
  return api.ask(method, `/api/auth${path.replace(/:\w+/, "x")}`, sent);
};

test("the sign-in library has the endpoints that were looked at and no others; an update that brings one fails here", () => {
  const reachable = endpoints.filter((endpoint) => !endpoint.includes("undefined"));
  expect([...new Set(reachable)].sort()).toEqual([...ALLOWED, ...CLOSED].sort());
});

test("every endpoint that is not allowed answers everyone like one that does not exist", async () => {
  const { accountId, key } = await api.newAccount("Closed");
  const cookie = await api.signInAs(accountId, "owner");
  const missing = await ask("POST /there-is-none", { cookie });
  expect(missing.status).toBe(404);
  for (const endpoint of CLOSED)
    for (const who of [{ cookie }, { key }, {}]) {
      const answer = await ask(endpoint, who);
      expect([endpoint, answer.status, answer.text]).toEqual([endpoint, 404, missing.text]);
    }
});

test("other spellings of a closed endpoint, and other methods of an open one, are closed", async () => {
  const { accountId } = await api.newAccount("Spelled");
  const cookie = await api.signInAs(accountId, "owner");
  for (const path of [
    "/list%2Dsessions",
    "/%6cist-sessions",
    "//list-sessions",
    "/./list-sessions",
    "/x/../list-sessions",
    "/list-sessions/",
    "/LIST-SESSIONS",
    "/list-sessions?x=/sign-out",
    "/sign-out/../list-sessions",
    "/reset-password/x/../../list-sessions",
    "/sign-out",
  ])
    expect([path, (await api.ask("GET", `/api/auth${path}`, { cookie })).status]).toEqual([path, 404]);
});

test("what needs a session answers 401 without one and with an API key, and touches nothing of another person", async () => {
  const { accountId, key } = await api.newAccount("Theirs");
  const theirCookie = await api.signInAs(accountId, "owner", "theirs@people.example");
  const { id: theirId } = await api.db.user.findUniqueOrThrow({ where: { email: "theirs@people.example" } });
  const passkeyId = await addPasskeyRow(api.db, theirId, "theirs.example");
  const { accountId: mine } = await api.newAccount("Mine");
  const cookie = await api.signInAs(mine, "owner");
  const before = await stateOf(theirId);
  // Every name by which a request could name an object.
  const body = {
    userId: theirId,
    id: passkeyId,
    passkeyId,
    sessionId: theirId,
    organizationId: accountId,
    accountId,
    email: "theirs@people.example",
    currentPassword: "not theirs, long enough",
    newPassword: "mine, and long enough",
    password: "not theirs, long enough",
    code: "000000",
    token: "x",
    name: "x",
    response: { id: passkeyId },
    state: "x",
  };
  const needsSession = [
    "GET /passkey/generate-register-options",
    "POST /passkey/verify-registration",
    "POST /change-password",
    "POST /two-factor/enable",
    "POST /two-factor/disable",
  ];
  for (const endpoint of needsSession)
    for (const who of [{ body }, { key, body }])
      expect([endpoint, (await ask(endpoint, who)).status]).toEqual([endpoint, 401]);
  for (const endpoint of ALLOWED) {
    const answer = await ask(endpoint, { cookie, body });
    expect([endpoint, answer.status]).not.toEqual([endpoint, 500]);
    for (const secret of [theirId, passkeyId, "theirs.example", accountId])
      if (endpoint !== "POST /sign-up/email") expect([endpoint, answer.text]).not.toContain(secret);
  }
  expect(await stateOf(theirId)).toEqual(before);
  expect((await api.ask("GET", "/api/v1/me", { cookie: theirCookie })).status).toBe(200);
});

async function stateOf(id: string) {
  return api.db.user.findUniqueOrThrow({
    where: { id },
    include: { passkeys: true, sessions: true, credentials: true, twoFactors: true, members: true },
  });
}

test("a name that is too long, or that is none, makes no sign-in", async () => {
  const email = `${randomUUID()}@people.example`;
  for (const name of ["x".repeat(101), " \n ", "\u200b"]) {
    const body = { name, email, password: "a long enough password" };
    const answer = await api.ask("POST", "/api/auth/sign-up/email", { body });
    expect([answer.status, Object(answer.json).code]).toEqual([400, "INVALID_NAME"]);
  }
  expect(api.mails.list(email)).toEqual([]);
});

test.each([
  "/..//evil.example/x",
  "//evil.example",
  "/\\evil.example",
  "https://evil.example",
  "/%2f/evil.example",
])("open redirect: nothing in sign-in leads to %s", async (target) => {
  const body = { name: "A", email: "a@people.example", password: "a long enough password" };
  const asked = [
    ["POST", "/sign-up/email", { ...body, callbackURL: target }],
    ["POST", "/sign-in/email", { ...body, callbackURL: target }],
    ["POST", "/send-verification-email", { email: body.email, callbackURL: target }],
    ["POST", "/request-password-reset", { email: body.email, redirectTo: target }],
    ["POST", "/sso/start", { email: body.email, next: target }],
    ["GET", `/verify-email?token=x&callbackURL=${encodeURIComponent(target)}`],
    ["GET", `/reset-password/x?callbackURL=${encodeURIComponent(target)}`],
  ] as const;
  for (const [method, path, sent] of asked) {
    const answer = await api.ask(method, `/api/auth${path}`, sent ? { body: sent } : {});
    expect([path, answer.status, answer.headers.get("location")]).toEqual([path, 403, null]);
  }
});
