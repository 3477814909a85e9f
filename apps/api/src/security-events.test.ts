import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { addPasskeyRow } from "../testing/add-passkey-row.ts";
import { computeTotp } from "../testing/compute-totp.ts";
import { keepCookies } from "../testing/start-sso-scene.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

const password = "a long enough password";
const post = (path: string, cookie: string, body: object) =>
  api.ask("POST", `/api/auth${path}`, { cookie, body });
const statusOfMe = async (cookie: string) => (await api.ask("GET", "/api/v1/me", { cookie })).status;

/** A person in two accounts, and what each account's log says of their sign-in, the oldest first. */
async function newPerson(email: string) {
  const accounts = [await api.newAccount("One"), await api.newAccount("Two")];
  const cookie = await api.signInAs(accounts[0]?.accountId ?? "", "viewer", email);
  const { id: userId } = await api.db.user.findUniqueOrThrow({ where: { email } });
  const second = { id: randomUUID(), organizationId: accounts[1]?.accountId ?? "", userId, role: "editor" };
  await api.db.member.create({ data: { ...second, createdAt: new Date() } });
  const logs = async () => {
    const texts = [];
    for (const { key } of accounts) {
      const { json } = await api.ask("GET", "/api/v1/events?kind=member", { key });
      texts.push(
        Object(json)
          .items.map(({ text }: { text: string }) => text)
          .reverse(),
      );
    }
    return texts;
  };
  return { cookie, userId, accounts, logs };
}

test("turning one's own two-factor on or off is in the log of every account one belongs to, once", async () => {
  const email = "both@people.example";
  const { cookie, logs } = await newPerson(email);
  const begun = await post("/two-factor/enable", cookie, { password });
  const code = () => ({ code: computeTotp(String(Object(begun.json).totpURI)) });
  expect((await post("/two-factor/verify-totp", cookie, { code: "000000" })).status).toBe(401);
  expect(await logs()).toEqual([[], []]);

  const proved = await post("/two-factor/verify-totp", cookie, code());
  const on = keepCookies(cookie, proved.headers);
  const turnedOn = `Member ${email} turned two-factor on.`;
  expect(await logs()).toEqual([[turnedOn], [turnedOn]]);
  expect((await post("/two-factor/verify-totp", on, code())).status).toBe(200);
  expect(await logs(), "a code that changes nothing").toEqual([[turnedOn], [turnedOn]]);

  const off = keepCookies(on, (await post("/two-factor/disable", on, { password })).headers);
  expect((await post("/two-factor/disable", off, { password })).status).toBe(200);
  const turnedOff = `Member ${email} turned two-factor off.`;
  expect(await logs()).toEqual([
    [turnedOn, turnedOff],
    [turnedOn, turnedOff],
  ]);
});

test("a session replaced by a change of two-factor stays in the account one works in", async () => {
  const { cookie, accounts } = await newPerson("staying@people.example");
  const accountId = accounts[1]?.accountId ?? "";
  await api.ask("PUT", "/api/v1/me/account", { cookie, body: { accountId } });
  const begun = await post("/two-factor/enable", cookie, { password });
  const proved = await post("/two-factor/verify-totp", cookie, {
    code: computeTotp(String(Object(begun.json).totpURI)),
  });
  const me = await api.ask("GET", "/api/v1/me", { cookie: keepCookies(cookie, proved.headers) });
  expect(me.json).toMatchObject({ account: { id: accountId } });
});

test("removing a passkey is in every log, signs out everywhere else, and the last one takes the second factor with it", async () => {
  const email = "keys@people.example";
  const { cookie, userId, logs } = await newPerson(email);
  const [first, last] = [
    await addPasskeyRow(api.db, userId, "laptop"),
    await addPasskeyRow(api.db, userId, "key"),
  ];
  await api.db.session.updateMany({ where: { userId }, data: { signedInBy: "passkey" } });
  const other = keepCookies("", (await post("/sign-in/email", "", { email, password })).headers);
  const by = async () => Object((await api.ask("GET", "/api/v1/me", { cookie })).json).signIn.by;
  const remove = (id: string) => api.ask("DELETE", `/api/v1/me/passkeys/${id}`, { cookie });

  expect((await remove(first)).status).toBe(204);
  expect([await statusOfMe(cookie), await statusOfMe(other), await by()]).toEqual([200, 401, "passkey"]);
  expect((await remove(last)).status).toBe(204);
  expect(await by()).toBe("password");
  expect((await remove(last)).status).toBe(404);
  const texts = ["laptop", "key"].map((name) => `Member ${email} removed the passkey ${name}.`);
  expect(await logs()).toEqual([texts, texts]);
});

test("a passkey is named and listed, by its owner only", async () => {
  const { cookie, userId } = await newPerson("named@people.example");
  const { cookie: stranger } = await newPerson("stranger@people.example");
  const id = await addPasskeyRow(api.db, userId, "old name");
  const rename = (name: string, who: string) =>
    api.ask("PUT", `/api/v1/me/passkeys/${id}`, { cookie: who, body: { name } });
  expect([(await rename("theirs", stranger)).status, (await rename(" new name ", cookie)).status]).toEqual([
    404, 204,
  ]);
  const list = async (who: string) =>
    Object((await api.ask("GET", "/api/v1/me/passkeys", { cookie: who })).json).items;
  expect(await list(cookie)).toMatchObject([{ id, name: "new name", isSynced: false }]);
  expect(await list(stranger)).toEqual([]);
});

test("a passkey is added only within a quarter of an hour of signing in", async () => {
  const { cookie, userId } = await newPerson("stale@people.example");
  const begin = () => api.ask("GET", "/api/auth/passkey/generate-register-options", { cookie });
  const fresh = await begin();
  expect(fresh.json).toMatchObject({
    rp: { id: "waxseal.example" },
    authenticatorSelection: { userVerification: "required", residentKey: "required" },
  });
  await api.db.session.updateMany({
    where: { userId },
    data: { createdAt: new Date(Date.now() - 16 * 60_000) },
  });
  expect(Object((await begin()).json).code).toBe("SESSION_NOT_FRESH");
});
