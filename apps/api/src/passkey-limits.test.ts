import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { addPasskeyRow } from "../testing/add-passkey-row.ts";
import { createTestPasskey } from "../testing/create-test-passkey.ts";
import { keepCookies } from "../testing/start-sso-scene.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

const body = { email: "keys@people.example", password: "a long enough password" };

/** A device that is signed in and has been given a challenge; returns what adds its passkey. */
async function beginAdding() {
  const signedIn = await api.ask("POST", "/api/auth/sign-in/email", { body });
  const cookie = keepCookies("", signedIn.headers);
  const begun = await api.ask("GET", "/api/auth/passkey/generate-register-options", { cookie });
  const response = createTestPasskey(String(Object(begun.json).challenge));
  return (name: string, more: object = {}) =>
    api.ask("POST", "/api/auth/passkey/verify-registration", {
      cookie: keepCookies(cookie, begun.headers),
      body: { name, response: { ...response, ...more } },
    });
}

test("a person has at most 20 passkeys, also of five added at the same instant, and those refused leave no trace", async () => {
  const { accountId, key } = await api.newAccount("Keys");
  await api.signInAs(accountId, "viewer", body.email);
  const { id: userId } = await api.db.user.findUniqueOrThrow({ where: { email: body.email } });
  for (let n = 0; n < 18; n++) await addPasskeyRow(api.db, userId, `Old ${n}`);
  const adding = [];
  for (let n = 0; n < 5; n++) adding.push(await beginAdding());
  const answers = await Promise.all(adding.map((add, n) => add(`New ${n}`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 400, 400, 400]);
  const refused = answers.filter(({ status }) => status === 400);
  for (const { json } of refused) expect(json).toMatchObject({ code: "TOO_MANY_PASSKEYS" });
  expect(await api.db.passkey.count({ where: { userId } })).toBe(20);
  const { json } = await api.ask("GET", "/api/v1/events?kind=member.passkeyAdded", { key });
  expect(Object(json).items.length).toBe(2);
});

test("the stored size of a passkey is bounded, whatever the browser sends", async () => {
  await api.db.passkey.deleteMany();
  const tooLong = await (await beginAdding())("n".repeat(61));
  expect([tooLong.status, Object(tooLong.json).message]).toEqual([
    400,
    expect.stringContaining("60 characters"),
  ]);
  const padded = await (await beginAdding())("Key", { padding: "x".repeat(33_000) });
  expect([padded.status, Object(padded.json).code]).toEqual([400, "TEXT_TOO_LONG"]);
  expect((await (await beginAdding())("n".repeat(60))).status).toBe(200);
  expect(await api.db.passkey.count()).toBe(1);
});
