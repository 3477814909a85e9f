import { randomUUID } from "node:crypto";
import { createUser } from "@waxseal/core/accounts";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { addPasskeyRow } from "../testing/add-passkey-row.ts";
import { keepCookies, type SsoScene, startSsoScene } from "../testing/start-sso-scene.ts";
import type { TestApi } from "../testing/start-test-api.ts";

let scene: SsoScene;
let api: TestApi;
beforeAll(async () => {
  scene = await startSsoScene(inject("templateDatabaseUrl"));
  api = scene.api;
});
afterAll(() => scene.stop());

const strangers = "the stranger's password";
const owners = "the owner's new password";

const post = (path: string, body: object, cookie?: string) =>
  api.ask("POST", `/api/auth${path}`, { body, ...(cookie !== undefined && { cookie }) });
const signUp = (email: string, password: string, more = {}) =>
  post("/sign-up/email", { name: "Ann", email, password, ...more });
const signIn = async (email: string, password: string) =>
  (await post("/sign-in/email", { email, password })).status;
const statusOfMe = async (cookie: string) => (await api.ask("GET", "/api/v1/me", { cookie })).status;

async function mailedLink(email: string, nth = 1): Promise<string> {
  await expect.poll(() => api.mails.list(email).length).toBe(nth);
  return /http:\/\/waxseal\.example(\/api\/auth\/\S+)/.exec(api.mails.list(email)[0]?.text ?? "")?.[1] ?? "";
}

const tokenOf = (link: string) => new URLSearchParams(link.split("?")[1]).get("token") ?? "";
const cookiesOf = (headers: Headers) => keepCookies("", headers);
const hasSession = (cookie: string) => cookie.includes("waxseal.session_token=");

test("a stranger's password never opens what the owner of the mailbox confirms in her own browser", async () => {
  const email = "victim@people.example";
  const stranger = cookiesOf((await signUp(email, strangers)).headers);
  const link = await mailedLink(email);
  const opened = await api.ask("GET", link);
  expect([opened.status, hasSession(cookiesOf(opened.headers))]).toEqual([302, false]);
  expect(opened.headers.get("location")).toMatch(/^\/confirm-email\?token=/);
  expect(await api.db.user.count({ where: { email } }), "following a link confirms nothing yet").toBe(0);

  const confirmed = await post("/confirm-email", { token: tokenOf(link), name: "Vera", password: owners });
  expect([confirmed.status, hasSession(cookiesOf(confirmed.headers))]).toEqual([200, false]);
  expect(await signIn(email, strangers)).toBe(401);
  expect(await signIn(email, owners)).toBe(200);
  const later = await api.ask("GET", link, { cookie: stranger });
  expect([later.headers.get("location"), hasSession(cookiesOf(later.headers))]).toEqual([
    "/sign-in?problem=confirmed&next=%2F",
    false,
  ]);
  const again = await post("/confirm-email", { token: tokenOf(link), name: "Eve", password: strangers });
  expect([again.status, await signIn(email, strangers)]).toEqual([400, 401]);
});

test("a later sign-up replaces what a stranger set, in whichever order the links are opened", async () => {
  const email = "second@people.example";
  const stranger = cookiesOf((await signUp(email, strangers, { name: "Eve", accountName: "Eve's" })).headers);
  const first = await mailedLink(email);
  const owner = cookiesOf((await signUp(email, owners, { name: "Vera", accountName: "Vera's" })).headers);
  await mailedLink(email, 2);
  // She opens the older mail, of the stranger's sign-up, in the browser of her own.
  const opened = await api.ask("GET", first, { cookie: owner });
  const jar = cookiesOf(opened.headers);
  expect((await api.ask("GET", "/api/v1/me", { cookie: jar })).json).toMatchObject({
    user: { name: "Vera", email },
    account: { name: "Vera's" },
  });
  expect(await signIn(email, strangers)).toBe(401);
  expect(hasSession(cookiesOf((await api.ask("GET", first, { cookie: stranger })).headers))).toBe(false);
});

test("a stranger who signs up after the owner does not get his password into her confirmation", async () => {
  const email = "third@people.example";
  const owner = cookiesOf((await signUp(email, owners)).headers);
  const link = await mailedLink(email);
  await signUp(email, strangers);
  const opened = await api.ask("GET", link, { cookie: owner });
  expect(opened.headers.get("location")).toMatch(/^\/confirm-email\?/);
  await post("/confirm-email", { token: tokenOf(link), name: "Vera", password: owners });
  expect([await signIn(email, strangers), await signIn(email, owners)]).toEqual([401, 200]);
});

/** What an older version, or an operator, may have left: a user with an unconfirmed address and everything a stranger could set. */
async function plantUnconfirmed(email: string): Promise<{ userId: string; cookie: string }> {
  const { accountId } = await api.newAccount("Planted");
  const cookie = await api.signInAs(accountId, "owner", email);
  const { id: userId } = await api.db.user.update({
    where: { email },
    data: { emailVerified: false, twoFactorEnabled: true },
  });
  await addPasskeyRow(api.db, userId, "Stranger's key");
  await api.db.twoFactor.create({ data: { id: randomUUID(), userId, secret: "s", backupCodes: "b" } });
  return { userId, cookie };
}

async function countLeft(userId: string): Promise<number[]> {
  const where = { userId };
  return Promise.all([
    api.db.passkey.count({ where }),
    api.db.twoFactor.count({ where }),
    api.db.session.count({ where }),
    api.db.credential.count({ where }),
  ]);
}

test("confirming drops a password, passkey, second factor and session that were set before", async () => {
  const email = "planted@people.example";
  const { userId, cookie } = await plantUnconfirmed(email);
  await post("/send-verification-email", { email });
  const token = tokenOf(await mailedLink(email));
  await post("/confirm-email", { token, name: "Vera", password: owners });
  expect(await countLeft(userId)).toEqual([0, 0, 0, 1]);
  expect([await statusOfMe(cookie), await signIn(email, "a long enough password")]).toEqual([401, 401]);
  expect(await signIn(email, owners), "and no second factor of a stranger's is asked for").toBe(200);
});

test("a password reset drops the rest of what was set for an unconfirmed address", async () => {
  const email = "reset@people.example";
  const { userId, cookie } = await plantUnconfirmed(email);
  await post("/request-password-reset", { email, redirectTo: "/reset-password" });
  const [, token = ""] = /reset-password\/([^?]+)/.exec(await mailedLink(email)) ?? [];
  expect((await post("/reset-password", { token, newPassword: owners })).status).toBe(200);
  expect(await countLeft(userId)).toEqual([0, 0, 0, 1]);
  expect([await statusOfMe(cookie), await signIn(email, owners)]).toEqual([401, 200]);
});

test("single sign-on drops the same", async () => {
  const email = "planted@corp.example";
  const { userId, cookie } = await plantUnconfirmed(email);
  await api.db.member.create({
    data: { id: randomUUID(), organizationId: scene.accountId, userId, role: "viewer" },
  });
  const { answer } = await scene.signIn(email);
  expect([answer.status, answer.json]).toEqual([200, { twoFactorRedirect: false }]);
  expect(await countLeft(userId)).toEqual([0, 0, 1, 0]);
  expect(await statusOfMe(cookie)).toBe(401);
});

test("no way of signing in makes a session for an unconfirmed address", async () => {
  const email = "nobody@people.example";
  const { userId } = await plantUnconfirmed(email);
  await api.db.user.update({ where: { id: userId }, data: { twoFactorEnabled: false } });
  expect(await signIn(email, "a long enough password")).toBe(403);
});

test("only the browser that signed up learns that its address is not confirmed, whether the address is taken or not", async () => {
  await createUser(
    { db: api.db, now: () => new Date() },
    { email: "taken@people.example", password: owners },
  );
  for (const email of ["taken@people.example", "free@people.example"]) {
    const cookie = cookiesOf((await signUp(email, strangers)).headers);
    const own = await post("/sign-in/email", { email, password: strangers }, cookie);
    expect([email, own.status, Object(own.json).code]).toEqual([email, 403, "EMAIL_NOT_VERIFIED"]);
    expect([email, await signIn(email, strangers)]).toEqual([email, 401]);
  }
});

test("an invitation is accepted only with the token of its own link and the invited address", async () => {
  const { accountId } = await api.newAccount("Inviting");
  const owner = await api.signInAs(accountId, "owner");
  const email = "invited@people.example";
  const invited = await api.ask("POST", "/api/v1/invitations", {
    cookie: owner,
    body: { email, role: "admin" },
  });
  const id = String(Object(invited.json).id);
  await expect.poll(() => api.mails.list(email).length).toBe(1);
  const token = /\/invitations\/(\S+)/.exec(api.mails.list(email)[0]?.text ?? "")?.[1] ?? "";
  const { accountId: home } = await api.newAccount("Home");
  const guest = await api.signInAs(home, "viewer", email);
  const other = await api.signInAs(home, "viewer");
  const accept = async (cookie: string, name: string) =>
    (await api.ask("POST", `/api/v1/invitation-links/${name}/accept`, { cookie })).status;

  const listed = await api.ask("GET", "/api/v1/invitations", { cookie: owner });
  expect(listed.text).not.toContain(token);
  expect(await accept(guest, id), "the id in the API is not the token").toBe(404);
  const byLibrary = await post("/organization/accept-invitation", { invitationId: id }, guest);
  expect(byLibrary.status).toBe(404);
  expect(await accept(other, token), "the token alone is not enough").toBe(403);
  const forged = await api.ask("POST", `/api/v1/invitation-links/${token}/accept`, {
    cookie: guest,
    headers: { origin: "https://evil.example" },
  });
  expect(forged.status).toBe(403);
  expect(await accept(guest, token)).toBe(200);
  expect(await accept(guest, token)).toBe(404);
  expect((await api.ask("GET", "/api/v1/me", { cookie: guest })).json).toMatchObject({
    account: { id: accountId, role: "admin" },
  });
});
