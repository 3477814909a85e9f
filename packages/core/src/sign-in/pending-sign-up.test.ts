import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { HOUR_MS } from "@waxseal/runtime/time-spans";
import type { GenericEndpointContext } from "better-auth";
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { chooseSessionOrigin } from "./choose-session-origin.ts";
import { confirmAddress } from "./confirm-address.ts";
import { deriveAuthSecrets } from "./derive-auth-secrets.ts";
import { tidyRecoveryCode } from "./guard-second-factor.ts";
import { keepPasskeyLimit } from "./keep-passkey-limit.ts";
import { findKnownDevice, rememberDevice } from "./known-device.ts";
import { findSignUp, keepSignUp, takeSignUp } from "./pending-sign-up.ts";
import { readConfirmationLink } from "./read-confirmation-link.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const inHours = (count: number) => new Date(people.now().getTime() + count * HOUR_MS);
const SIGN_UP = { id: "browser-1", name: "Ann", accountName: "Cellar", password: "hashed" };
let mailboxes = 0;
const newAddress = () => `new${mailboxes++}@people.example`;

test("a sign-up waits for its address to be confirmed, for the browser that made it, once", async () => {
  const email = newAddress();
  await keepSignUp(database.db, email, SIGN_UP, inHours(1));
  const take = (id: string, now = people.now()) => takeSignUp(database.db, email, id, now);
  expect(await findSignUp(database.db, email, people.now())).toEqual(SIGN_UP);
  expect(await take("browser-2")).toBeUndefined();
  expect(await take(SIGN_UP.id, inHours(1))).toBeUndefined();
  const taken = await Promise.all([1, 2, 3].map(() => take(SIGN_UP.id)));
  expect(taken.filter((one) => one !== undefined)).toEqual([SIGN_UP]);
  expect(await findSignUp(database.db, email, people.now())).toBeUndefined();
});

test("a second sign-up of an address replaces the first, and the first browser can no longer finish it", async () => {
  const email = newAddress();
  await keepSignUp(database.db, email, SIGN_UP, inHours(1));
  await keepSignUp(database.db, email, { ...SIGN_UP, id: "browser-2", name: "Eve" }, inHours(1));
  expect(await takeSignUp(database.db, email, SIGN_UP.id, people.now())).toBeUndefined();
  expect(await findSignUp(database.db, email, people.now())).toMatchObject({ name: "Eve" });
});

test("a waiting sign-up ends with its hour, and its row names no address", async () => {
  const email = newAddress();
  await keepSignUp(database.db, email, SIGN_UP, inHours(1));
  expect(await findSignUp(database.db, email, inHours(1))).toBeUndefined();
  expect(JSON.stringify(await database.db.verification.findMany())).not.toContain(email);
});

const confirm = (email: string, change: object = {}) =>
  confirmAddress(database.db, { email, name: "Ann", passwordHash: "hashed", at: people.now(), ...change });

test("a confirmed address has one sign-in, also when its links are opened at the same instant", async () => {
  // The first round opens connections, so that the others begin at once.
  for (let round = 0; round < 3; round++) {
    const address = newAddress();
    const made = await Promise.all([1, 2, 3].map(() => confirm(address)));
    expect(made.filter((user) => user !== undefined)).toHaveLength(1);
  }
  const email = newAddress();
  await confirm(email);
  expect(await confirm(email, { passwordHash: "of a stranger" })).toBeUndefined();
  const user = await database.db.user.findUniqueOrThrow({ where: { email }, include: { credentials: true } });
  expect(user).toMatchObject({ emailVerified: true, credentials: [{ password: "hashed" }] });
});

test("credentials that a stranger set for an unconfirmed address stop working when it is confirmed", async () => {
  const stranger = await people.addPerson("Eve");
  await people.addPasskey(stranger.id);
  const { db } = database;
  await db.user.update({
    where: { id: stranger.id },
    data: { emailVerified: false, twoFactorEnabled: true },
  });
  const credential = {
    id: stranger.id,
    accountId: stranger.id,
    providerId: "credential",
    userId: stranger.id,
  };
  await db.credential.create({ data: { ...credential, password: "of the stranger" } });
  const user = await confirm(stranger.email);
  expect(user).toMatchObject({ id: stranger.id, name: "Ann", emailVerified: true, twoFactorEnabled: false });
  const own = { where: { userId: stranger.id } };
  expect([await db.session.count(own), await db.passkey.count(own)]).toEqual([0, 0]);
  expect((await db.credential.findMany(own)).map(({ password }) => password)).toEqual(["hashed"]);
});

test("a person keeps 20 passkeys, also when several are added at the same instant; others' are not touched", async () => {
  const [person, other] = [await people.addPerson(), await people.addPerson()];
  for (let count = 0; count < 19; count++) await people.addPasskey(person.id);
  const kept = await people.addPasskey(other.id);
  const added = [
    await people.addPasskey(person.id),
    await people.addPasskey(person.id),
    await people.addPasskey(person.id),
  ];
  const outcomes = await Promise.allSettled(
    added.map((id) => keepPasskeyLimit({ db: database.db }, { id, userId: person.id })),
  );
  expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(2);
  expect(await database.db.passkey.count({ where: { userId: person.id } })).toBe(20);
  await keepPasskeyLimit({ db: database.db }, { id: kept, userId: other.id });
  expect(await database.db.passkey.count({ where: { userId: other.id } })).toBe(1);
});

const SECRET = "s".repeat(43);
const sign = (claims: object, { secret = SECRET, alg = "HS256", exp = "1h" } = {}) =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg })
    .setExpirationTime(exp)
    .sign(new TextEncoder().encode(secret));

test("a mailed link shows its address until it expires", async () => {
  expect(await readConfirmationLink(SECRET, await sign({ email: "ann@people.example" }))).toBe(
    "ann@people.example",
  );
  expect(
    await readConfirmationLink(SECRET, await sign({ email: "a@people.example" }, { exp: "-1s" })),
  ).toBeUndefined();
});

test.each<[string, () => Promise<string>]>([
  ["of another secret", () => sign({ email: "a@people.example" }, { secret: "x".repeat(43) })],
  ["of another algorithm", () => sign({ email: "a@people.example" }, { alg: "HS512" })],
  ["of a change of address", () => sign({ email: "a@people.example", updateTo: "b@people.example" })],
  ["without an address", () => sign({})],
  ["with an address that is none", () => sign({ email: "a" })],
  ["that is no token", async () => "a.b.c"],
  ["that is empty", async () => ""],
  ["that is unsigned", async () => `${btoa('{"alg":"none"}')}.${btoa('{"email":"a@people.example"}')}.`],
])("a link %s shows no mailbox", async (_what, make) => {
  expect(await readConfirmationLink(SECRET, await make())).toBeUndefined();
});

const key = (byte: number) => Buffer.alloc(32, byte).toString("base64url");

test("each key derives a different secret, with the same number at every place in the list", () => {
  const [one, two] = deriveAuthSecrets(`a:${key(1)}, b:${key(2)}`);
  expect(deriveAuthSecrets(`b:${key(2)},a:${key(1)}`)).toEqual([two, one]);
  expect(deriveAuthSecrets(`other-name:${key(1)}`)).toEqual([one]);
  expect(new Set([one?.value, two?.value, key(1), key(2)]).size).toBe(4);
  for (const { version } of [one, two].flatMap((secret) => secret ?? []))
    expect(version).toBeLessThan(2 ** 31);
});

test.each(["", "a", "a:", `a:${Buffer.alloc(31).toString("base64url")}`, `a:${key(1)},b:short`])(
  "SECRET_KEYS %j is refused, without naming a key",
  (text) => {
    expect(() => deriveAuthSecrets(text)).toThrow(/^SECRET_KEYS: a key is not name:base64url of 32 bytes$/);
  },
);

test.each([
  ["AbCdE-fGhIj", "AbCdE-fGhIj"],
  ["AbCdEfGhIj", "AbCdE-fGhIj"],
  [" AbCdE  fGhIj ", "AbCdE-fGhIj"],
  ["AbCdE–fGhIj", "AbCdE-fGhIj"],
  ["AbC dEf GhI j", "AbCdE-fGhIj"],
  ["short", "short"],
  [" AbCdEfGhIjK ", "AbCdEfGhIjK"],
])("the recovery code typed as %j is compared as %j", (typed, expected) => {
  expect(tidyRecoveryCode(typed)).toBe(expected);
});

/** A browser with signed cookies, as the library keeps them. */
function createBrowser() {
  const cookies = new Map<string, string>();
  return {
    cookies,
    ctx: {
      context: { secret: SECRET, createAuthCookie: (name: string) => ({ name, attributes: {} }) },
      getSignedCookie: async (name: string) => cookies.get(name) ?? null,
      setSignedCookie: async (name: string, value: string) => void cookies.set(name, value),
    } as unknown as GenericEndpointContext,
  };
}

test("a browser is known for the person who signed in with it, under one id, and for no one else", async () => {
  const { ctx, cookies } = createBrowser();
  expect(await findKnownDevice(ctx, "ann@people.example")).toBeUndefined();
  await rememberDevice(ctx, "ann@people.example");
  const id = await findKnownDevice(ctx, "ann@people.example");
  expect(id).toMatch(/^[\w-]{22}$/);
  expect(await findKnownDevice(ctx, "bob@people.example")).toBeUndefined();
  await rememberDevice(ctx, "bob@people.example");
  expect(await findKnownDevice(ctx, "ann@people.example")).toBe(id);
  expect([...cookies.values()].join()).not.toContain("people.example");
});

test("a browser remembers five people, the last who signed in first", async () => {
  const { ctx } = createBrowser();
  for (const name of ["a", "b", "c", "d", "e", "a", "a", "f"])
    await rememberDevice(ctx, `${name}@people.example`);
  const known = [];
  for (const name of ["a", "b", "c", "d", "e", "f"])
    if (await findKnownDevice(ctx, `${name}@people.example`)) known.push(name);
  expect(known).toEqual(["a", "c", "d", "e", "f"]);
});

const PLAIN = { twoFactorEnabled: false, emailVerified: true };
const originOf = (path: string, session: object = {}, user = PLAIN) =>
  chooseSessionOrigin(
    session as Record<string, unknown>,
    {
      path,
      getSignedCookie: async () => null,
      context: { createAuthCookie: () => ({ name: "x" }) },
    } as unknown as GenericEndpointContext,
    user,
  );

test("no session is made for an address that was never shown to be the user's", async () => {
  for (const path of ["/sign-in/email", "/passkey/verify-authentication", "/sso/finish"])
    expect(await originOf(path, {}, { ...PLAIN, emailVerified: false })).toBeUndefined();
});

test("a user with two-factor gets a session only where the second factor is asked for", async () => {
  const withApp = { ...PLAIN, twoFactorEnabled: true };
  for (const path of ["/sign-in/email", "/passkey/verify-authentication", "/change-password"])
    expect(await originOf(path, {}, withApp)).toBeDefined();
  for (const path of ["/reset-password", "/sign-up/email", "/magic-link/verify", "/sso/finish", ""])
    expect(await originOf(path, {}, withApp)).toBeUndefined();
});

test.each<[string, string, object, object]>([
  ["a password", "/sign-in/email", {}, { signedInBy: "password", ssoAccountId: null }],
  ["a passkey", "/passkey/verify-authentication", {}, { signedInBy: "passkey", ssoAccountId: null }],
  ["single sign-on", "/sso/finish", { ssoAccountId: "a1" }, { signedInBy: "sso", ssoAccountId: "a1" }],
  [
    "a change of password in a session of single sign-on",
    "/change-password",
    { ssoAccountId: "a1", signedInBy: "passkey" },
    { signedInBy: "sso", ssoAccountId: "a1" },
  ],
  [
    "a renewal by passkey",
    "/change-password",
    { signedInBy: "passkey" },
    { signedInBy: "passkey", ssoAccountId: null },
  ],
  [
    "a claim of the caller",
    "/sign-in/email",
    { signedInBy: "sso" },
    { signedInBy: "password", ssoAccountId: null },
  ],
])("a session by %s says how it came about", async (_what, path, session, expected) => {
  expect(await originOf(path, session)).toEqual(expected);
});
