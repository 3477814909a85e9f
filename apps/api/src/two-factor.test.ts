import { createUser } from "@waxseal/core/accounts";
import { createAuth, deriveAuthSecrets, resealAppSecrets } from "@waxseal/core/sign-in";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { computeTotp } from "../testing/compute-totp.ts";
import { PUBLIC_URL, startTestApi, type TestApi } from "../testing/start-test-api.ts";

// Passwords are hashed for each sign-in, which is slow on purpose: a test has up to five of them.
vi.setConfig({ testTimeout: 60_000 });

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

const password = "a long enough password";

/** Cookies as a browser keeps them: later ones replace, expired ones go. */
function keepCookies(jar: string, headers: Headers): string {
  const cookies = new Map(jar.split("; ").map((pair) => [pair.split("=")[0] ?? "", pair]));
  for (const cookie of headers.getSetCookie()) {
    const [pair = ""] = cookie.split(";");
    const name = pair.split("=")[0] ?? "";
    if (/max-age=0/i.test(cookie)) cookies.delete(name);
    else cookies.set(name, pair);
  }
  return [...cookies.values()].filter((pair) => pair !== "").join("; ");
}

async function signIn(email: string, attempt = password) {
  const answer = await api.ask("POST", "/api/auth/sign-in/email", { body: { email, password: attempt } });
  return { answer, cookie: keepCookies("", answer.headers) };
}

async function newUser(email: string) {
  const { id } = await createUser({ db: api.db, now: () => new Date() }, { email, password });
  return { id, email, cookie: (await signIn(email)).cookie };
}

/** Sets two-factor up and answers what the app and the person keep. */
async function setUp(cookie: string) {
  const begun = await api.ask("POST", "/api/auth/two-factor/enable", { cookie, body: { password } });
  const { totpURI, backupCodes } = Object(begun.json);
  const body = { code: computeTotp(totpURI) };
  const proved = await api.ask("POST", "/api/auth/two-factor/verify-totp", { cookie, body });
  expect([begun.status, proved.status]).toEqual([200, 200]);
  return {
    uri: String(totpURI),
    codes: backupCodes as string[],
    cookie: keepCookies(cookie, proved.headers),
  };
}

/** The code after the one the app shows; clocks may differ by as much. */
const nextCode = (uri: string) => computeTotp(uri, new Date(Date.now() + 30_000));

const statusOfMe = async (cookie: string) => (await api.ask("GET", "/api/v1/me/person", { cookie })).status;

test("with two-factor the password alone opens nothing; the code of the app does", async () => {
  const user = await newUser("totp@people.example");
  const { uri } = await setUp(user.cookie);
  const { answer, cookie } = await signIn(user.email);
  expect(answer.json).toMatchObject({ twoFactorRedirect: true });
  expect(await statusOfMe(cookie)).toBe(401);

  const wrong = await api.ask("POST", "/api/auth/two-factor/verify-totp", {
    cookie,
    body: { code: "000000" },
  });
  expect(wrong.status).toBe(401);
  const right = await api.ask("POST", "/api/auth/two-factor/verify-totp", {
    cookie,
    body: { code: computeTotp(uri), trustDevice: true },
  });
  expect(right.status).toBe(200);
  expect(await statusOfMe(keepCookies(cookie, right.headers))).toBe(200);

  const again = await api.ask("POST", "/api/auth/sign-in/email", {
    cookie: keepCookies(cookie, right.headers),
    body: { email: user.email, password },
  });
  expect(again.json, "no device is trusted").toMatchObject({ twoFactorRedirect: true });
});

test("RFC 6238 §5.2: a code of the app signs in once, also of two tries at the same time; the next one goes on", async () => {
  const user = await newUser("replayed@people.example");
  const { uri } = await setUp(user.cookie);
  const enter = async (cookie: string, code: string) => {
    const answer = await api.ask("POST", "/api/auth/two-factor/verify-totp", { cookie, body: { code } });
    const jar = keepCookies(cookie, answer.headers);
    return { status: answer.status, code: Object(answer.json).code, jar, me: await statusOfMe(jar) };
  };
  const challenges = await Promise.all([1, 2, 3].map(() => signIn(user.email)));
  const [first = "", second = "", third = ""] = challenges.map(({ cookie }) => cookie);
  const code = computeTotp(uri);
  const both = await Promise.all([enter(first, code), enter(second, code)]);
  expect(both.map(({ status, me }) => [status, me]).sort()).toEqual([
    [200, 200],
    [401, 401],
  ]);
  const again = await enter(third, code);
  expect(again).toMatchObject({ status: 401, code: "CODE_USED_BEFORE", me: 401 });
  expect(await enter(again.jar, nextCode(uri))).toMatchObject({ status: 200, me: 200 });
});

test("a recovery code opens once", async () => {
  const user = await newUser("recovery@people.example");
  const { codes } = await setUp(user.cookie);
  expect(codes).toHaveLength(10);
  const enter = async () => {
    const { cookie } = await signIn(user.email);
    const body = { code: codes[0] };
    return (await api.ask("POST", "/api/auth/two-factor/verify-backup-code", { cookie, body })).status;
  };
  expect([await enter(), await enter()]).toEqual([200, 401]);
});

test("a new password by mail does not go round two-factor", async () => {
  const user = await newUser("reset@people.example");
  const { cookie: signedIn } = await setUp(user.cookie);
  await api.ask("POST", "/api/auth/request-password-reset", {
    body: { email: user.email, redirectTo: "/reset-password" },
  });
  const findToken = () => {
    const mails = api.mails.list(user.email).map(({ text }) => text);
    return /reset-password\/([\w-]+)/.exec(mails.join("\n"))?.[1];
  };
  await expect.poll(findToken, { timeout: 30_000 }).toBeTruthy();
  const token = findToken();
  const newPassword = "another long password";
  const reset = await api.ask("POST", "/api/auth/reset-password", { body: { token, newPassword } });
  const cookies = keepCookies("", reset.headers);
  expect([reset.status, cookies.includes("session_token")]).toEqual([200, false]);
  expect(await statusOfMe(signedIn)).toBe(401);
  const { answer, cookie } = await signIn(user.email, newPassword);
  expect(answer.json).toMatchObject({ twoFactorRedirect: true });
  expect(await statusOfMe(cookie)).toBe(401);
});

test("guessing codes ends: five for one sign-in, ten for the user from any address", async () => {
  const user = await newUser("guessed@people.example");
  const { uri } = await setUp(user.cookie);
  const guess = async (cookie: string, code = "000000") =>
    Object((await api.ask("POST", "/api/auth/two-factor/verify-totp", { cookie, body: { code } })).json).code;
  for (let signIns = 0; signIns < 2; signIns++) {
    const { cookie } = await signIn(user.email);
    for (let attempt = 0; attempt < 5; attempt++) expect(await guess(cookie)).toBe("INVALID_CODE");
    expect(await guess(cookie, computeTotp(uri))).not.toBeUndefined();
  }
  const { cookie } = await signIn(user.email);
  expect(await guess(cookie, computeTotp(uri))).toBe("ACCOUNT_TEMPORARILY_LOCKED");
});

test("turning two-factor on or off and changing the password gives a new session and ends all others", async () => {
  const user = await newUser("rotated@people.example");
  const other = (await signIn(user.email)).cookie;
  const { cookie: on, uri } = await setUp(user.cookie);
  expect([await statusOfMe(other), await statusOfMe(user.cookie), await statusOfMe(on)]).toEqual([
    401, 401, 200,
  ]);

  const second = (await signIn(user.email)).cookie;
  const entered = await api.ask("POST", "/api/auth/two-factor/verify-totp", {
    cookie: second,
    body: { code: computeTotp(uri) },
  });
  const elsewhere = keepCookies(second, entered.headers);
  expect([await statusOfMe(elsewhere), await statusOfMe(on)], "signing in ends no session").toEqual([
    200, 200,
  ]);

  const body = { currentPassword: password, newPassword: "another long password" };
  const changed = await api.ask("POST", "/api/auth/change-password", { cookie: on, body });
  const after = keepCookies(on, changed.headers);
  expect([await statusOfMe(elsewhere), await statusOfMe(after)]).toEqual([401, 200]);

  const third = (await signIn(user.email, body.newPassword)).cookie;
  const thirdEntered = await api.ask("POST", "/api/auth/two-factor/verify-totp", {
    cookie: third,
    body: { code: nextCode(uri) },
  });
  const off = await api.ask("POST", "/api/auth/two-factor/disable", {
    cookie: after,
    body: { password: body.newPassword },
  });
  expect([await statusOfMe(keepCookies(third, thirdEntered.headers)), off.status]).toEqual([401, 200]);
  expect([await statusOfMe(after), await statusOfMe(keepCookies(after, off.headers))]).toEqual([401, 200]);
});

test("where the account requires it, a member without two-factor can only set it up; a provider's rule reaches its customers", async () => {
  const { accountId, key } = await api.newAccount("Strict");
  const member = await api.signInAs(accountId, "admin");
  const rule = (required: boolean, who: { key?: string; cookie?: string }) =>
    api.ask("PUT", "/api/v1/account/two-factor", { ...who, body: { required } });
  expect((await rule(true, { cookie: member })).status, "people cannot shut themselves out").toBe(409);
  expect((await rule(true, { key })).status).toBe(204);

  const list = (cookie: string, headers = {}) => api.ask("GET", "/api/v1/domains", { cookie, headers });
  expect(Object((await list(member)).json)).toMatchObject({ status: 403, code: "forbidden" });
  const me = await api.ask("GET", "/api/v1/me", { cookie: member });
  expect(me.json).toMatchObject({ twoFactor: { enabled: false, required: true, lacking: true } });

  const customer = await api.ask("POST", "/api/v1/customers", { key, body: { name: "Its customer" } });
  const named = { "x-waxseal-account": String(Object(customer.json).id) };
  expect((await list(member, named)).status).toBe(403);

  const { cookie } = await setUp(member);
  expect((await list(cookie)).status).toBe(200);
  expect((await list(cookie, named)).status).toBe(200);
  expect((await api.ask("GET", "/api/v1/domains", { key })).status).toBe(200);
});

test("a new key in front changes nothing for authenticator apps; after re-encrypting, the old key can be dropped", async () => {
  const user = await newUser("rekeyed@people.example");
  const { uri } = await setUp(user.cookie);
  const key = (fill: number) => `k${fill}:${Buffer.alloc(32, fill).toString("base64url")}`;
  const enter = async (keys: string, code: string) => {
    const auth = createAuth({
      db: api.db,
      secrets: deriveAuthSecrets(keys),
      publicUrl: PUBLIC_URL,
      queueMail: async () => undefined,
      now: () => new Date(),
      limitsRate: false,
    });
    const ask = (path: string, cookie: string, body: object) =>
      auth.handler(
        new Request(`${PUBLIC_URL}/api/auth${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", origin: PUBLIC_URL, cookie },
          body: JSON.stringify(body),
        }),
      );
    const signedIn = await ask("/sign-in/email", "", { email: user.email, password });
    const cookie = keepCookies("", signedIn.headers);
    return (await ask("/two-factor/verify-totp", cookie, { code })).status;
  };
  expect(await enter(`${key(2)},${key(7)}`, computeTotp(uri))).toBe(200);
  const others = await api.db.twoFactor.count();
  const resealed = await resealAppSecrets(api.db, deriveAuthSecrets(`${key(2)},${key(7)}`));
  expect(resealed).toEqual({ seen: others, resealed: others, unreadable: [] });
  const unused = nextCode(uri);
  await expect(enter(key(7), unused)).rejects.toThrow("not found in keys");
  expect(await enter(key(2), unused)).toBe(200);
  const lost = await resealAppSecrets(api.db, deriveAuthSecrets(key(9)));
  expect(lost.unreadable).toContain(`authenticator app of ${user.email}`);
});
