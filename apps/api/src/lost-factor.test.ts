import { createContext } from "@waxseal/core";
import { removePasskey } from "@waxseal/core/accounts";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { addPasskeyRow } from "../testing/add-passkey-row.ts";
import { computeTotp } from "../testing/compute-totp.ts";
import { keepCookies } from "../testing/start-sso-scene.ts";
import { PUBLIC_URL, startTestApi, type TestApi } from "../testing/start-test-api.ts";

// Passwords are hashed for each sign-in, which is slow on purpose.
vi.setConfig({ testTimeout: 60_000 });

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

const password = "a long enough password";
const auth = (path: string, cookie: string, body: object) =>
  api.ask("POST", `/api/auth${path}`, { cookie, body });
const textsTo = (email: string) => api.mails.list(email).map(({ text }) => text);

async function signIn(email: string, attempt = password) {
  const answer = await auth("/sign-in/email", "", { email, password: attempt });
  return { isAsked: Object(answer.json).twoFactorRedirect === true, cookie: keepCookies("", answer.headers) };
}

/** A member with an authenticator app, and an owner beside them. */
async function newPair(name: string) {
  const { accountId, key } = await api.newAccount(name);
  const email = `${name.toLowerCase()}@people.example`;
  const owner = await api.signInAs(accountId, "owner", `owner-of-${email}`);
  const before = await api.signInAs(accountId, "editor", email);
  const begun = await auth("/two-factor/enable", before, { password });
  const { totpURI: uri, backupCodes: codes } = Object(begun.json);
  const proved = await auth("/two-factor/verify-totp", before, { code: computeTotp(uri) });
  const cookie = keepCookies(before, proved.headers);
  const { id } = await api.db.user.findUniqueOrThrow({ where: { email } });
  const log = async () =>
    Object((await api.ask("GET", "/api/v1/events?kind=member", { key })).json).items.map(
      ({ text }: { text: string }) => text,
    );
  const left = async () =>
    Object((await api.ask("GET", "/api/v1/me", { cookie })).json).twoFactor.recoveryCodesLeft;
  return { accountId, email, owner, cookie, id, uri: String(uri), codes: codes as string[], log, left };
}

test("recovery codes are taken without the dash, counted, and made new while signed in; each change is mailed", async () => {
  const { email, cookie, codes, left, log } = await newPair("Codes");
  expect(await left()).toBe(10);
  const challenge = await signIn(email);
  const code = codes[0]?.replace("-", " ") ?? "";
  const entered = await auth("/two-factor/verify-backup-code", challenge.cookie, { code });
  expect([challenge.isAsked, entered.status]).toEqual([true, 200]);
  expect(await left()).toBe(9);
  const wrong = await auth("/two-factor/generate-backup-codes", cookie, { password: "not the password" });
  expect([wrong.status, Object(wrong.json).message]).toEqual([400, "The password is wrong."]);
  const renewed = await auth("/two-factor/generate-backup-codes", cookie, { password });
  expect(Object(renewed.json).backupCodes).toHaveLength(10);
  expect(await left()).toBe(10);
  const again = await signIn(email);
  const old = await auth("/two-factor/verify-backup-code", again.cookie, { code: codes[1] });
  expect([old.status, Object(old.json).message]).toEqual([
    401,
    "The recovery code is wrong or was used before.",
  ]);
  expect((await log()).slice(0, 2)).toEqual([
    `Member ${email} made new recovery codes.`,
    `Member ${email} signed in with a recovery code. 9 are left.`,
  ]);
  await expect.poll(() => textsTo(email).length).toBe(3);
  const mailed = textsTo(email).join("\n");
  expect(mailed).toContain("Two-factor was turned on");
  expect(mailed).toContain("A recovery code was used to sign in. It is used up; 9 are left.");
  expect(mailed).toContain("New recovery codes were made. The earlier ones no longer work.");
});

test("an owner resets a lost factor: a day later the password is enough; both get a mail, the log says it", async () => {
  const { email, owner, id, cookie, log } = await newPair("Lost");
  const reset = (who: string, userId = id) =>
    api.ask("POST", `/api/v1/members/${userId}/two-factor-reset`, { cookie: who });
  expect((await reset(cookie)).status).toBe(403);
  expect((await reset(owner)).status).toBe(202);
  const members = Object((await api.ask("GET", "/api/v1/members", { cookie: owner })).json).items;
  const own = members.find((row: { id: string }) => row.id === id);
  expect(new Date(own.twoFactorResetAt).getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
  expect((await signIn(email)).isAsked, "within the day").toBe(true);
  await expect.poll(() => textsTo(email)[0]).toContain("asked to reset your second factor. From ");
  await expect.poll(() => textsTo(`owner-of-${email}`)[0]).toContain("It takes effect on ");

  await api.db.twoFactorReset.update({ where: { userId: id }, data: { effectiveAt: new Date() } });
  const { isAsked, cookie: signedIn } = await signIn(email);
  expect(isAsked).toBe(false);
  expect((await api.ask("GET", "/api/v1/me", { cookie: signedIn })).json).toMatchObject({
    twoFactor: { enabled: false, recoveryCodesLeft: null },
  });
  expect((await api.ask("GET", "/api/v1/me", { cookie })).status, "sessions ended").toBe(401);
  expect((await log()).slice(0, 2)).toEqual([
    `The second factor of ${email} was reset.`,
    expect.stringMatching(`A reset of the second factor of ${email} was requested by .*owner-of-${email}`),
  ]);
});

test("signing in with the app stops a reset that the person did not want", async () => {
  const { email, owner, id, uri, log } = await newPair("Kept");
  await api.ask("POST", `/api/v1/members/${id}/two-factor-reset`, { cookie: owner });
  const { cookie } = await signIn(email);
  const entered = await auth("/two-factor/verify-totp", cookie, { code: computeTotp(uri) });
  expect(entered.status).toBe(200);
  expect(await api.db.twoFactorReset.count({ where: { userId: id } })).toBe(0);
  expect((await log())[0]).toBe(`The reset of the second factor of ${email} was canceled: it was used.`);
});

test("the last second factor cannot be removed where an account requires two, app or passkey", async () => {
  const { accountId, cookie, id, email } = await newPair("Strict");
  await api.db.organization.update({ where: { id: accountId }, data: { requiresTwoFactor: true } });
  const off = await auth("/two-factor/disable", cookie, { password });
  const sentence =
    "Strict requires two-factor, and this is your last second factor. Set up another one first: a passkey or an authenticator app.";
  expect([off.status, Object(off.json).message]).toEqual([409, sentence]);
  const passkeyId = await addPasskeyRow(api.db, id, "laptop");
  const turnedOff = await auth("/two-factor/disable", cookie, { password });
  expect(turnedOff.status).toBe(200);
  await api.db.session.updateMany({ where: { userId: id }, data: { signedInBy: "passkey" } });
  const removed = await api.ask("DELETE", `/api/v1/me/passkeys/${passkeyId}`, {
    cookie: keepCookies(cookie, turnedOff.headers),
  });
  expect([removed.status, Object(removed.json).detail]).toEqual([409, sentence]);
  await expect.poll(() => textsTo(email).join()).toContain("Two-factor was turned off");
});

test("the app and the last passkey turned off at the same instant leave the app where an account requires two", async () => {
  const { accountId, cookie, id, email } = await newPair("Atonce");
  await api.db.organization.update({ where: { id: accountId }, data: { requiresTwoFactor: true } });
  const passkeyId = await addPasskeyRow(api.db, id, "laptop");
  const isWaiting = async () => {
    const [row] = await api.db.$queryRaw<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return row?.n;
  };
  let turnedOff: ReturnType<typeof auth> | undefined;
  // The mail is queued inside the removal's transaction, which commits only when the other request waits for it.
  const queueMail = async () => {
    turnedOff = auth("/two-factor/disable", cookie, { password });
    await expect.poll(isWaiting, { timeout: 30_000 }).toBe(1);
  };
  const actor = { kind: "user", id, name: email } as const;
  const source = { db: api.db, now: () => new Date() };
  await removePasskey(
    createContext(source, accountId, actor, "editor"),
    { passkeyId, sessionId: undefined },
    { publicUrl: PUBLIC_URL, queueMail },
  );
  expect((await turnedOff)?.status).toBe(409);
  const user = await api.db.user.findUniqueOrThrow({ where: { id }, include: { twoFactors: true } });
  expect([user.twoFactorEnabled, user.twoFactors.length]).toEqual([true, 1]);
});

test("an address changes once both mailboxes have confirmed, and sessions end", async () => {
  const { accountId, key } = await api.newAccount("Moving");
  const [before, after] = ["before@people.example", "after@people.example"];
  const cookie = await api.signInAs(accountId, "viewer", before);
  const ask = (email: string) => api.ask("POST", "/api/v1/me/email", { cookie, body: { email } });
  expect((await ask(before)).status).toBe(422);
  expect((await ask(after)).status).toBe(202);
  const confirm = async (email: string) => {
    await expect.poll(() => textsTo(email).length).toBe(1);
    const token = /email-change\/(\S+)/.exec(textsTo(email)[0] ?? "")?.[1];
    return api.ask("POST", `/api/v1/email-changes/${token}/confirm`);
  };
  expect((await confirm(after)).json).toEqual({ email: after, waitsFor: "old" });
  expect((await confirm(after)).json, "the same one twice").toEqual({ email: after, waitsFor: "old" });
  expect(Object((await api.ask("GET", "/api/v1/me", { cookie })).json).user.email).toBe(before);
  const first = (await confirm(before)).json;
  expect(first).toEqual({ email: after, waitsFor: null });
  expect((await api.ask("GET", "/api/v1/me", { cookie })).status).toBe(401);
  expect((await signIn(after)).cookie).toContain("session_token");
  const { json } = await api.ask("GET", "/api/v1/events?kind=member", { key });
  expect(Object(json).items[0].text).toBe(`Member ${before} now has the address ${after}.`);
  await expect.poll(() => textsTo(before)[0]).toContain(`was changed from ${before} to ${after}`);
});

test("a taken address answers like a free one, and only its owner reads that it is taken", async () => {
  const { accountId } = await api.newAccount("Taken");
  const cookie = await api.signInAs(accountId, "viewer", "asking@people.example");
  await api.signInAs(accountId, "viewer", "taken@people.example");
  const body = { email: "taken@people.example" };
  expect((await api.ask("POST", "/api/v1/me/email", { cookie, body })).status).toBe(202);
  await expect.poll(() => textsTo(body.email)[0]).toContain("it has a sign-in already");
});
