import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
let offsetMs = 0;
let account: { accountId: string; key: string };
let owner: string;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"), { now: () => new Date(Date.now() + offsetMs) });
  account = await api.newAccount("Devices");
  owner = await api.signInAs(account.accountId, "owner", "owner@people.example");
});
afterAll(() => api.stop());

const LOGINS = "/api/v1/device-logins";
const post = (path: string, options: Parameters<TestApi["ask"]>[2]) =>
  api.ask("POST", LOGINS + path, options);
const begin = async (body: object = { client: "waxseal on laptop", scope: "write" }) => {
  const { status, json } = await post("", { body });
  expect(status).toBe(201);
  return Object(json) as Record<
    "deviceCode" | "userCode" | "verificationUri" | "verificationUriComplete",
    string
  >;
};
const poll = async (deviceCode: string) => {
  const { status, json } = await post("/poll", { body: { deviceCode } });
  return { status, reason: Object(json).reason, json: Object(json) };
};
const decide = async (userCode: string, what: "allow" | "deny", cookie = owner, scope = "read") =>
  (await post(`/${userCode}/${what}`, { cookie, ...(what === "allow" && { body: { scope } }) })).status;
/** The clock goes on between two questions of a device. */
const wait = (seconds: number) => {
  offsetMs += seconds * 1_000;
};

test("RFC 8628 §3.2-§3.5: a person allows the code, the device gets a key once, and the key says who made it", async () => {
  const login = await begin();
  expect(login).toMatchObject({
    userCode: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
    verificationUriComplete: `${login.verificationUri}?code=${login.userCode}`,
    expiresInSeconds: 600,
    intervalSeconds: 5,
  });
  expect(await poll(login.deviceCode)).toMatchObject({ status: 409, reason: "authorization_pending" });
  const shown = await api.ask("GET", `${LOGINS}/${login.userCode}`, { cookie: owner });
  expect(shown.json).toMatchObject({ client: "waxseal on laptop", scope: "write", address: "127.0.0.1" });
  // As people type it.
  expect(await decide(login.userCode.toLowerCase().replace("-", ""), "allow")).toBe(204);
  wait(5);
  const answers = await Promise.all([poll(login.deviceCode), poll(login.deviceCode), poll(login.deviceCode)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
  const { json } = answers.find(({ status }) => status === 200) ?? {};
  expect(json).toMatchObject({ scope: "read", account: { id: account.accountId, name: "Devices" } });
  const keys = await api.ask("GET", "/api/v1/api-keys", { key: json.key });
  expect(Object(keys.json).items[0]).toMatchObject({
    name: "waxseal on laptop",
    scope: "read",
    createdBy: { name: expect.stringContaining("owner") },
  });
  expect(
    (await api.ask("POST", "/api/v1/domains", { key: json.key, body: { domain: "a.example" } })).status,
  ).toBe(403);
});

test("RFC 8628 §3.5: who asks too often is slowed down; refused, expired and unknown end the login", async () => {
  const fast = await begin();
  expect((await poll(fast.deviceCode)).reason).toBe("authorization_pending");
  expect(await poll(fast.deviceCode)).toMatchObject({ status: 429, reason: "slow_down" });
  wait(6);
  expect((await poll(fast.deviceCode)).reason).toBe("slow_down");
  wait(16);
  expect((await poll(fast.deviceCode)).reason).toBe("authorization_pending");
  expect(await decide(fast.userCode, "deny")).toBe(204);
  expect(await decide(fast.userCode, "allow")).toBe(409);
  expect(await poll(fast.deviceCode)).toMatchObject({ status: 403, reason: "access_denied" });
  expect(await poll(fast.deviceCode)).toMatchObject({ status: 404, reason: "expired_token" });
  const late = await begin();
  wait(601);
  expect(await decide(late.userCode, "allow")).toBe(404);
  expect(await poll(late.deviceCode)).toMatchObject({ status: 404, reason: "expired_token" });
  expect(await poll("a".repeat(43))).toMatchObject({ status: 404, reason: "expired_token" });
});

test("RFC 8628 §5: codes are not guessed, the code of the person opens nothing, and only a person with such a role allows a scope", async () => {
  const { userCode, deviceCode } = await begin();
  expect(await poll(userCode)).toMatchObject({ status: 404 });
  const editor = await api.signInAs(account.accountId, "editor");
  expect(await decide(userCode, "allow", editor, "admin")).toBe(403);
  expect((await post(`/${userCode}/allow`, { body: { scope: "admin" } })).status).toBe(401);
  const byKey = await post(`/${userCode}/allow`, { key: account.key, body: { scope: "admin" } });
  expect([byKey.status, Object(byKey.json).reason]).toEqual([409, "not_a_person"]);
  const foreign = { cookie: owner, body: { scope: "admin" }, headers: { origin: "https://evil.example" } };
  expect((await post(`/${userCode}/allow`, foreign)).status).toBe(403);
  const guesser = await api.signInAs(account.accountId, "owner");
  const looks: number[] = [];
  for (let index = 0; index < 25; index++)
    looks.push((await api.ask("GET", `${LOGINS}/BCDF-GHJ${"KLMNP"[index % 5]}`, { cookie: guesser })).status);
  expect([looks.slice(0, 20), looks.at(-1)]).toEqual([Array.from({ length: 20 }, () => 404), 429]);
  // Nothing that was stored is a code.
  const stored = JSON.stringify(await api.db.verification.findMany());
  expect([stored.includes(deviceCode), stored.includes(userCode), (await poll(deviceCode)).reason]).toEqual([
    false,
    false,
    "authorization_pending",
  ]);
});

test("a person who was removed after they allowed a login leaves no key behind, and one network begins ten at once", async () => {
  const other = await api.newAccount("Left");
  const leaver = await api.signInAs(other.accountId, "owner", "leaver@people.example");
  const { userCode, deviceCode } = await begin();
  expect(await decide(userCode, "allow", leaver, "admin")).toBe(204);
  await api.db.member.deleteMany({ where: { organizationId: other.accountId } });
  expect(await poll(deviceCode)).toMatchObject({ status: 403, reason: "access_denied" });
  expect(await api.db.apikey.count({ where: { referenceId: other.accountId, scope: "admin" } })).toBe(1);
  const statuses = await Promise.all(
    Array.from({ length: 12 }, async () => (await post("", { body: { client: "flood" } })).status),
  );
  expect(statuses).toContain(429);
  expect((await post("", { body: { client: "" } })).status).toBe(422);
});
