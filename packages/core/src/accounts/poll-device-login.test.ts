import { API_KEY_SCOPES, type Role } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { createContext } from "../context.ts";
import { answerDeviceLogin, getDeviceLogin } from "./answer-device-login.ts";
import { beginDeviceLogin } from "./begin-device-login.ts";
import { formatUserCode, USER_CODE_LETTERS, userCodeIdentifier } from "./device-login-row.ts";
import { hashSecret } from "./hash-secret.ts";
import { pollDeviceLogin } from "./poll-device-login.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

let networks = 0;
/** Begins a login, each from a network of its own unless one is given. */
function begin({ network = `net-${networks++}`, client = "waxseal on laptop" } = {}) {
  const input = { client, scope: "read" as const, address: "192.0.2.7", network };
  return beginDeviceLogin({ db: database.db, now: people.now }, input, people.deps);
}
const poll = (deviceCode: string) => pollDeviceLogin({ db: database.db, now: people.now }, { deviceCode });
const addOwner = async (role: Role = "owner") => people.addMember(await people.addAccount(), role);
const keysOf = (accountId: string) => database.db.apikey.findMany({ where: { referenceId: accountId } });

test.each([
  ["BCDF-GHJK", "BCDF-GHJK"],
  ["bcdfghjk", "BCDF-GHJK"],
  [" bcdf ghjk ", "BCDF-GHJK"],
  ["b.c.d.f.g.h.j.k", "BCDF-GHJK"],
  ["BCDFGHJKL", "BCDF-GHJKL"],
  ["BCD", "BCD-"],
  ["1234", "-"],
])("RFC 8628 §6.1: a code typed as %j is compared as %j", (typed, expected) => {
  expect(formatUserCode(typed)).toBe(expected);
  expect(userCodeIdentifier(typed)).toBe(userCodeIdentifier(expected));
});

test("RFC 8628 §6.1: codes are of 20 different consonants, so that they form no word", () => {
  expect(new Set(USER_CODE_LETTERS).size).toBe(20);
  expect(USER_CODE_LETTERS).toMatch(/^[B-DF-HJ-NP-TV-Z]+$/);
});

test("RFC 8628 §3.2: a login gets a long secret, a short code, and ten minutes", async () => {
  const login = await begin();
  expect(login).toEqual({
    deviceCode: expect.stringMatching(/^[\w-]{43}$/),
    userCode: expect.stringMatching(new RegExp(`^[${USER_CODE_LETTERS}]{4}-[${USER_CODE_LETTERS}]{4}$`)),
    verificationUri: "https://waxseal.example/device",
    verificationUriComplete: `https://waxseal.example/device?code=${login.userCode}`,
    expiresInSeconds: 600,
    intervalSeconds: 5,
  });
});

test("neither of the two codes is in the database", async () => {
  const { deviceCode, userCode } = await begin();
  const rows = JSON.stringify(await database.db.verification.findMany());
  for (const secret of [deviceCode, userCode, userCode.replace("-", "")]) expect(rows).not.toContain(secret);
});

test("the name of a program cannot move the text around it", async () => {
  const { userCode } = await begin({ client: "cli\r\n\u202eevil\u0007" });
  const { ctx } = await addOwner();
  expect(await getDeviceLogin(ctx, { userCode })).toMatchObject({ client: "cli   evil " });
});

test("a network begins ten logins at once; another network is not held up by it", async () => {
  const network = "flood";
  const outcomes = await Promise.allSettled(Array.from({ length: 14 }, () => begin({ network })));
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
  expect(refused).toEqual(Array(4).fill("limit_reached"));
  await begin();
});

test("RFC 8628 §3.5: a device that waits is asked to be patient, and one that hurries waits five seconds longer", async () => {
  const { deviceCode } = await begin();
  const pending = { code: "conflict", reason: "authorization_pending" };
  const early = { code: "limit_reached", reason: "slow_down" };
  await expect(poll(deviceCode)).rejects.toMatchObject(pending);
  people.wait(4_999);
  await expect(poll(deviceCode)).rejects.toMatchObject(early);
  people.wait(9_999);
  await expect(poll(deviceCode)).rejects.toMatchObject(early);
  people.wait(15_000);
  await expect(poll(deviceCode)).rejects.toMatchObject(pending);
});

test("RFC 8628 §3.4: an allowed device gets one key of the scope that the person allowed, as that person", async () => {
  const { deviceCode, userCode } = await begin();
  const { ctx, person } = await addOwner();
  await answerDeviceLogin(ctx, { userCode: userCode.toLowerCase(), allowedScope: "write" });
  const { key, scope, account } = await poll(deviceCode);
  expect({ scope, account }).toEqual({ scope: "write", account: { id: ctx.accountId, name: "Cellar" } });
  expect(await keysOf(ctx.accountId)).toMatchObject([
    { key: hashSecret(key), scope: "write", name: "waxseal on laptop", createdById: person.id },
  ]);
  expect(await people.listEventKinds(ctx.accountId)).toEqual(["apiKey.created"]);
  await expect(poll(deviceCode)).rejects.toMatchObject({ code: "not_found", reason: "expired_token" });
});

test("one of three simultaneous polls gets the key", async () => {
  const { deviceCode, userCode } = await begin();
  const { ctx } = await addOwner();
  await answerDeviceLogin(ctx, { userCode, allowedScope: "read" });
  const outcomes = await Promise.allSettled([poll(deviceCode), poll(deviceCode), poll(deviceCode)]);
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.reason] : []));
  expect(refused).toEqual(["expired_token", "expired_token"]);
  expect(await keysOf(ctx.accountId)).toHaveLength(1);
});

test("RFC 8628 §3.5: a refused device learns it once", async () => {
  const { deviceCode, userCode } = await begin();
  const { ctx } = await addOwner("viewer");
  await answerDeviceLogin(ctx, { userCode, allowedScope: undefined });
  await expect(poll(deviceCode)).rejects.toMatchObject({ code: "forbidden", reason: "access_denied" });
  await expect(poll(deviceCode)).rejects.toMatchObject({ reason: "expired_token" });
  expect(await keysOf(ctx.accountId)).toEqual([]);
});

test.each([
  ["viewer", ["read"]],
  ["editor", ["read", "write"]],
  ["admin", ["read", "onboard", "write", "admin"]],
  ["owner", ["read", "onboard", "write", "admin"]],
] as const)("a member who is %s allows a device only what they may do: %j", async (role, may) => {
  const { ctx, person } = await addOwner(role);
  const allowed: string[] = [];
  for (const scope of API_KEY_SCOPES) {
    const { deviceCode, userCode } = await begin();
    const asked = answerDeviceLogin(ctx, { userCode, allowedScope: scope });
    if (await asked.then(() => true, isTooLow)) {
      allowed.push((await poll(deviceCode)).scope);
    } else await expect(poll(deviceCode)).rejects.toMatchObject({ reason: "authorization_pending" });
  }
  expect(allowed).toEqual(may);
  const keys = await keysOf(ctx.accountId);
  expect(keys.map(({ scope, createdById }) => [scope, createdById])).toEqual(
    may.map((scope) => [scope, person.id]),
  );
});

/** False for the one refusal that is meant; another fails the test. */
function isTooLow(error: unknown): boolean {
  expect(error).toMatchObject({
    code: "forbidden",
    reason: "role_too_low",
    lacking: { has: expect.any(String) },
  });
  return false;
}

test.each([
  ["left the account", (id: string) => database.db.member.deleteMany({ where: { userId: id } })],
  [
    "became an editor",
    (id: string) => database.db.member.updateMany({ where: { userId: id }, data: { role: "editor" } }),
  ],
] as const)("RFC 8628 §3.5: no key is made when the person who allowed it %s", async (_what, change) => {
  const { deviceCode, userCode } = await begin();
  const { ctx, person } = await addOwner();
  await answerDeviceLogin(ctx, { userCode, allowedScope: "admin" });
  await change(person.id);
  await expect(poll(deviceCode)).rejects.toMatchObject({ code: "forbidden", reason: "access_denied" });
  expect(await keysOf(ctx.accountId)).toEqual([]);
});

test("a login is answered once, also by two people at the same instant", async () => {
  const { userCode } = await begin();
  const [one, other] = [await addOwner(), await addOwner()];
  const outcomes = await Promise.allSettled(
    [one, other].map(({ ctx }) => answerDeviceLogin(ctx, { userCode, allowedScope: "read" })),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const answered = { code: "conflict", reason: "login_answered" };
  await expect(getDeviceLogin(one.ctx, { userCode })).rejects.toMatchObject(answered);
  await expect(answerDeviceLogin(one.ctx, { userCode, allowedScope: undefined })).rejects.toMatchObject(
    answered,
  );
});

test("RFC 8628 §3.5: a login ends after ten minutes for the device and for the person", async () => {
  const { deviceCode, userCode } = await begin();
  const { ctx } = await addOwner();
  people.wait(599_999);
  expect(await getDeviceLogin(ctx, { userCode })).toMatchObject({ userCode, scope: "read" });
  people.wait(1);
  const expired = { code: "not_found", reason: "expired_token" };
  await expect(getDeviceLogin(ctx, { userCode })).rejects.toMatchObject(expired);
  await expect(answerDeviceLogin(ctx, { userCode, allowedScope: "read" })).rejects.toMatchObject(expired);
  await expect(poll(deviceCode)).rejects.toMatchObject(expired);
});

test("a code that two devices have is answered for neither", async () => {
  const [first, second] = [await begin(), await begin()];
  const { ctx } = await addOwner();
  await database.db.verification.updateMany({
    where: { identifier: userCodeIdentifier(second.userCode) },
    data: { identifier: userCodeIdentifier(first.userCode) },
  });
  const answer = answerDeviceLogin(ctx, { userCode: first.userCode, allowedScope: "admin" });
  await expect(answer).rejects.toMatchObject({ code: "not_found" });
  for (const { deviceCode } of [first, second])
    await expect(poll(deviceCode)).rejects.toMatchObject({ reason: "authorization_pending" });
});

test("an API key neither reads nor answers a login", async () => {
  const { userCode } = await begin();
  const { ctx } = await addOwner();
  const actor = { kind: "apiKey", id: "k", name: "Deploy" } as const;
  const key = createContext({ db: database.db, now: people.now }, ctx.accountId, actor, "owner");
  const refusal = { code: "conflict", reason: "not_a_person" };
  await expect(getDeviceLogin(key, { userCode })).rejects.toMatchObject(refusal);
  await expect(answerDeviceLogin(key, { userCode, allowedScope: "read" })).rejects.toMatchObject(refusal);
});

test("RFC 8628 §5.1: a person tries 20 codes, then waits; another person does not", async () => {
  const { userCode } = await begin();
  const [guesser, other] = [await addOwner(), await addOwner()];
  for (let tried = 0; tried < 20; tried++)
    await expect(getDeviceLogin(guesser.ctx, { userCode: `wrong${tried}` })).rejects.toMatchObject({
      code: "not_found",
    });
  await expect(getDeviceLogin(guesser.ctx, { userCode })).rejects.toMatchObject({ code: "limit_reached" });
  await expect(answerDeviceLogin(guesser.ctx, { userCode, allowedScope: "read" })).rejects.toMatchObject({
    code: "limit_reached",
  });
  expect(await getDeviceLogin(other.ctx, { userCode })).toMatchObject({ userCode });
});
