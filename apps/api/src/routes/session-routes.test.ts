import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

const password = "a long enough password";

/** Signs a user in once more. */
async function signInAgain(email: string): Promise<string> {
  const { headers } = await api.ask("POST", "/api/auth/sign-in/email", { body: { email, password } });
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

async function listIds(cookie: string): Promise<{ id: string; isThisOne: boolean }[]> {
  return Object((await api.ask("GET", "/api/v1/me/sessions", { cookie })).json).items;
}

async function isSignedIn(cookie: string): Promise<boolean> {
  return (await api.ask("GET", "/api/v1/me", { cookie })).status === 200;
}

test("one sees where one is signed in, and signing out there works at once", async () => {
  const { accountId } = await api.newAccount("Two browsers");
  const first = await api.signInAs(accountId, "viewer", "two@people.example");
  const second = await signInAgain("two@people.example");
  const sessions = await listIds(second);
  expect(sessions.map(({ isThisOne }) => isThisOne).sort()).toEqual([false, true]);
  expect(JSON.stringify(sessions)).not.toContain("token");
  const other = sessions.find(({ isThisOne }) => !isThisOne)?.id;
  expect((await api.ask("DELETE", `/api/v1/me/sessions/${other}`, { cookie: second })).status).toBe(204);
  expect([await isSignedIn(first), await isSignedIn(second)]).toEqual([false, true]);
});

test("signing out everywhere else keeps the session that asks, and no one else's is touched", async () => {
  const { accountId } = await api.newAccount("Three browsers");
  const bystander = await api.signInAs(accountId, "owner");
  const first = await api.signInAs(accountId, "viewer", "three@people.example");
  const [second, third] = [
    await signInAgain("three@people.example"),
    await signInAgain("three@people.example"),
  ];
  expect((await api.ask("DELETE", "/api/v1/me/sessions", { cookie: third })).status).toBe(204);
  const still = await Promise.all([first, second, third, bystander].map(isSignedIn));
  expect(still).toEqual([false, false, true, true]);
});

test("another person's session is the session of no one", async () => {
  const { accountId, key } = await api.newAccount("Strangers");
  const theirs = await api.signInAs(accountId, "owner");
  const [session] = await listIds(theirs);
  const mine = await api.signInAs(accountId, "owner");
  for (const who of [{ cookie: mine }, { key }]) {
    expect((await api.ask("DELETE", `/api/v1/me/sessions/${session?.id}`, who)).status).toBe(404);
  }
  expect(await isSignedIn(theirs)).toBe(true);
});
