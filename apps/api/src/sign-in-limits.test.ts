import { createUser } from "@waxseal/core/accounts";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { keepCookies } from "../testing/start-sso-scene.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
let second: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"), { limitsRate: true });
  // Another process of the same installation.
  second = await startTestApi(inject("templateDatabaseUrl"), {
    limitsRate: true,
    databaseUrl: api.databaseUrl,
  });
});
afterAll(async () => {
  await second.stop();
  await api.stop();
});

const password = "a long enough password";
const source = () => ({ db: api.db, now: () => new Date() });

let from = 0;
/** Asks from an IP address that was not used before, of one of two processes. */
async function askFromAnywhere(path: string, body: object, cookie?: string) {
  from++;
  const headers = { "x-forwarded-for": `198.18.${from >> 8}.${from & 255}` };
  const process = from % 2 ? api : second;
  return process.ask("POST", `/api/auth${path}`, { body, headers, ...(cookie !== undefined && { cookie }) });
}

const mailsTo = (email: string) => [...api.mails.list(email), ...second.mails.list(email)];

test.each([
  ["/request-password-reset", {}, 4],
  ["/send-verification-email", {}, 4],
  ["/sign-up/email", { name: "Eve", password }, 4],
])(
  "forty times %s from forty addresses mail one mailbox a few times, over all processes",
  async (path, more, most) => {
    const email = `flooded${path.replace(/\W/g, "")}@people.example`;
    if (path.includes("reset")) await createUser(source(), { email, password });
    if (path.includes("send")) await api.db.user.create({ data: { id: email, name: "V", email } });
    const answers = [];
    // In fours: the passwords of sign-up are hashed.
    for (let n = 0; n < 10; n++)
      answers.push(
        ...(await Promise.all(Array.from({ length: 4 }, () => askFromAnywhere(path, { email, ...more })))),
      );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await expect.poll(() => mailsTo(email).length).toBeGreaterThanOrEqual(most);
    // Another mailbox has its own share. When its later mail is here, every mail of the flood has been decided on.
    const other = { ...{ name: "Eve", password }, email: `other-${email}` };
    for (let process = 0; process < 2; process++) await askFromAnywhere("/sign-up/email", other);
    await expect.poll(() => mailsTo(other.email).length).toBe(2);
    expect(mailsTo(email)).toHaveLength(most);
  },
  60_000,
);

test("one address cannot be flooded with invitations by many accounts", async () => {
  const body = { email: "invited@people.example" };
  const statuses = [];
  for (let n = 0; n < 7; n++) {
    const { key } = await api.newAccount(`Inviting ${n}`);
    statuses.push((await api.ask("POST", "/api/v1/invitations", { key, body })).status);
  }
  expect(statuses).toEqual([201, 201, 201, 201, 201, 429, 429]);
});

test("wrong passwords from many addresses end guessing, and lock out neither the owner's device nor a mailed link", async () => {
  const email = "guessed@people.example";
  await createUser(source(), { email, password });
  const signIn = (tried: string, cookie?: string) =>
    askFromAnywhere("/sign-in/email", { email, password: tried }, cookie);
  const known = keepCookies("", (await signIn(password)).headers);
  const device = known
    .split("; ")
    .filter((pair) => pair.startsWith("waxseal.device="))
    .join("");
  expect(device).not.toBe("");

  const guesses = await Promise.all(Array.from({ length: 24 }, () => signIn("not the password")));
  const refused = guesses.filter(({ status }) => status === 429);
  expect(refused.length, "tries at the same instant are counted too").toBe(4);
  expect(Object(refused[0]?.json).message).toContain("passkey");
  expect((await signIn(password)).status).toBe(429);

  expect((await signIn(password, device)).status, "the owner's own device").toBe(200);
  const forged = `waxseal.device=${device.slice("waxseal.device=".length).replace(/^./, "x")}`;
  expect((await signIn(password, forged)).status, "a cookie of one's own making").toBe(429);

  await askFromAnywhere("/request-password-reset", { email, redirectTo: "/reset-password" });
  await expect.poll(() => mailsTo(email).length).toBe(1);
  const [, token = ""] = /reset-password\/([^?]+)/.exec(mailsTo(email)[0]?.text ?? "") ?? [];
  const newPassword = "the owner's new password";
  const reset = await askFromAnywhere("/reset-password", { token, newPassword });
  const elsewhere = keepCookies("", reset.headers);
  expect((await signIn(newPassword, elsewhere)).status, "where the mailed link was used").toBe(200);
  expect((await signIn(newPassword)).status).toBe(429);
}, 60_000);

test("an address without a sign-in is locked in the same words", async () => {
  const email = "nobody@people.example";
  const attempt = () =>
    askFromAnywhere("/sign-in/email", { email: email.toUpperCase(), password: "not the password" });
  const statuses: number[] = [];
  for (let n = 0; n < 3; n++)
    statuses.push(...(await Promise.all(Array.from({ length: 7 }, attempt))).map(({ status }) => status));
  statuses.sort();
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), 429]);
}, 60_000);

test("a device is stopped from guessing too, and no other device by it", async () => {
  const email = "device@people.example";
  await createUser(source(), { email, password });
  const signIn = (tried: string, cookie?: string) =>
    askFromAnywhere("/sign-in/email", { email, password: tried }, cookie);
  const [one, other] = [(await signIn(password)).headers, (await signIn(password)).headers];
  const jar = keepCookies("", one);
  const statuses = [];
  for (let n = 0; n < 11; n++) statuses.push((await signIn("not the password", jar)).status);
  expect(statuses.at(-1)).toBe(429);
  expect((await signIn(password, keepCookies("", other))).status).toBe(200);
}, 60_000);
