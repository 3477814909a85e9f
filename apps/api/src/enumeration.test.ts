import { createUser } from "@waxseal/core/accounts";
import type { Mail } from "@waxseal/core/mail";
import { createAuth, deriveAuthSecrets } from "@waxseal/core/sign-in";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";

const SITE = "http://waxseal.example";
const password = "a long enough password";

let database: TestDatabase;
let auth: ReturnType<typeof createAuth>;
/** Passwords hashed or compared; one is nearly all the work of an answer. */
let hashed = 0;
let mails: Mail[] = [];

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  const now = () => new Date();
  auth = createAuth({
    db: database.db,
    secrets: deriveAuthSecrets(`test:${Buffer.alloc(32, 7).toString("base64url")}`),
    publicUrl: SITE,
    // A queue that never answers.
    queueMail: (_db, mail) => {
      mails.push(mail);
      return new Promise(() => undefined);
    },
    passwords: {
      hash: async (text) => {
        hashed++;
        return `plain ${text}`;
      },
      verify: async ({ hash, password: text }) => {
        hashed++;
        return hash === `plain ${text}`;
      },
    },
    now,
    limitsRate: false,
  });
  await createUser({ db: database.db, now }, { email: "known@people.example", password });
  const { id } = await createUser({ db: database.db, now }, { email: "sso-only@people.example", password });
  await database.db.credential.deleteMany({ where: { userId: id } });
  await ask("/sign-up/email", { name: "U", email: "unconfirmed@people.example", password });
});
afterEach(() => {
  hashed = 0;
  mails = [];
});
afterAll(() => database.drop());

async function ask(path: string, body: object) {
  const before = hashed;
  const response = await auth.handler(
    new Request(`${SITE}/api/auth${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: SITE },
      body: JSON.stringify(body),
    }),
  );
  const json: unknown = await response.json();
  return { status: response.status, json, hashed: hashed - before };
}

test.each(["known", "sso-only", "unconfirmed", "unknown"])(
  "a wrong password for an address that is %s costs one password and is answered the same",
  async (who) => {
    const answer = await ask("/sign-in/email", {
      email: `${who}@people.example`,
      password: "not the password",
    });
    expect(answer).toEqual({
      status: 401,
      hashed: 1,
      json: { code: "INVALID_EMAIL_OR_PASSWORD", message: "The email address or password is wrong." },
    });
  },
);

test.each(["known", "unconfirmed", "new"])(
  "signing up with an address that is %s costs one password, is answered alike, and waits for no mail",
  async (who) => {
    const answer = await ask("/sign-up/email", { name: "Mallory", email: `${who}@people.example`, password });
    expect([answer.status, answer.hashed]).toEqual([200, 1]);
    await expect.poll(() => mails.length).toBe(1);
    expect(Object(answer.json).token).toBeNull();
    expect(Object.keys(Object(Object(answer.json).user)).sort()).toEqual([
      "createdAt",
      "email",
      "emailVerified",
      "id",
      "image",
      "name",
      "twoFactorEnabled",
      "updatedAt",
    ]);
  },
);

test.each(["/request-password-reset", "/send-verification-email"])(
  "%s says the same of any address, hashes nothing and waits for no mail",
  async (path) => {
    const answers = [];
    for (const who of ["known", "sso-only", "unconfirmed", "unknown"])
      answers.push(await ask(path, { email: `${who}@people.example` }));
    await expect.poll(() => mails.length).toBeGreaterThan(0);
    for (const answer of answers) expect(answer).toEqual(answers[3]);
    expect([answers[3]?.status, answers[3]?.hashed]).toEqual([200, 0]);
  },
);
