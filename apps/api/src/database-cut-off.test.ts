import { randomUUID } from "node:crypto";
import { createContext } from "@waxseal/core";
import { createAccount, createApiKey, createUser, OPERATOR } from "@waxseal/core/accounts";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { type PostgresProxy, startTestPostgresProxy } from "@waxseal/db/testing-proxy";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { PLANS } from "../testing/route-plans.ts";
import { sendPlan } from "../testing/send-plan.ts";
import { type Answer, startTestApi, type TestApi } from "../testing/start-test-api.ts";

const EMAIL = "ada@example.com";
const PASSWORD = "long enough words";

let database: TestDatabase;
let proxy: PostgresProxy;
let api: TestApi;
let asks: Record<string, () => Promise<Answer>>;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  proxy = await startTestPostgresProxy(database.databaseUrl);
  const { db } = database;
  const source = { db, now: () => new Date() };
  const { id: accountId } = await createAccount(source, { name: "Cut off" });
  const { key } = await createApiKey(createContext(source, accountId, OPERATOR), { name: "k" });
  const { id: userId } = await createUser(source, { email: EMAIL, password: PASSWORD, name: "Ada" });
  await db.member.create({
    data: { id: randomUUID(), organizationId: accountId, userId, role: "owner", createdAt: new Date() },
  });
  api = await startTestApi(inject("templateDatabaseUrl"), { databaseUrl: proxy.databaseUrl });
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain: "cut.example" } });
  asks = listAsks({ key, cookie: await signIn(), accountId, domainId: String(Object(added.json).id) });
});
afterAll(async () => {
  await api?.stop();
  await proxy?.stop();
  await database?.drop();
});

test("a database that is cut off at any moment is answered with 503 and words, never with 500 or 401, on every route", async () => {
  const random = seededRandom(20_260_917);
  proxy.cutOften(() => 1 + Math.floor(random() * 400));
  const seen: { route: string; status: number; text: string }[] = [];
  const queue = Array.from({ length: ROUNDS }, () => Object.entries(asks)).flat();
  const work = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      // A file that is being sent can only be broken off.
      const { status, text } = await next[1]().catch(() => ({ status: BROKEN_OFF, text: "" }));
      seen.push({ route: next[0], status, text });
    }
  };
  await Promise.all(Array.from({ length: 6 }, work));
  proxy.cutOften(undefined);

  const isWrong = ({ route, status }: { route: string; status: number }) =>
    (status === BROKEN_OFF && !/\/(export|raw)$/.test(route)) ||
    status === 401 ||
    (status >= 500 && status !== 503) ||
    (status === 422 && route.includes("/api/auth/"));
  expect(seen.filter(isWrong)).toEqual([]);
  const refused = seen.filter(({ status }) => status === 503);
  for (const { text } of refused) expect(JSON.parse(text).detail).toMatch(/\w{3,} .*\.$/);
  // Many routes met the fault, and many requests went far or through between two cuts.
  expect(new Set(refused.map(({ route }) => route)).size).toBeGreaterThan(Object.keys(asks).length / 4);
  expect(refused.length).toBeLessThan(seen.length * 0.9);
}, 120_000);

test("a database that goes away at a query of the sign-in library is answered with 503, whichever table it reads", async () => {
  const seen: (string | number)[][] = [];
  for (const [route, ask] of Object.entries(asks)) {
    if (!/sign-in|sign-up|password|passkeys$/.test(route)) continue;
    for (const table of ["session", "user", "credential", "verification", "two_factor", "passkey"]) {
      proxy.cutAt(`"public"."${table}"`, "before", "andBlock");
      const { status } = await ask();
      proxy.unblock();
      if (status >= 400 && status !== 503) seen.push([route, table, status]);
    }
  }
  proxy.cutAt("no query holds this", "before");
  expect(seen).toEqual([]);
}, 60_000);

const ROUNDS = 5;
const BROKEN_OFF = 0;

/** Not called: streams that do not end, and what ends the session or the domain that all others use. */
const LEFT_OUT =
  /\/live$|^GET \/api\/v1\/check$|^DELETE \/api\/v1\/me|\/closing$|\/sso$|\/two-factor$|\/leave$|\/me\/account$|\/sandbox\//;

function listAsks(who: { key: string; cookie: string; accountId: string; domainId: string }) {
  const { key, cookie, accountId, domainId } = who;
  const own: typeof asks = {};
  for (const [route, plan] of Object.entries(PLANS)) {
    if (plan === "public" || LEFT_OUT.test(route)) continue;
    const id = !("own" in plan) && plan.kind === "domain" ? domainId : randomUUID();
    const isPersonal = /\/(me|invitation-links)(\/|$)/.test(route);
    const by = isPersonal ? { cookie, account: accountId } : { key };
    own[route] = () => sendPlan(api, [route, plan], id, by);
  }
  const auth = (path: string, body: object, as: { cookie?: string } = {}) => {
    own[`POST ${path}`] = () => api.ask("POST", `/api/auth/${path}`, { ...as, body });
  };
  own["GET /me by session"] = () => api.ask("GET", "/api/v1/me", { cookie, account: accountId });
  own["GET /domains by session"] = () => api.ask("GET", "/api/v1/domains", { cookie, account: accountId });
  own["GET /shared"] = () => api.ask("GET", `/api/v1/shared/${"a".repeat(43)}`);
  own["GET passkeys"] = () => api.ask("GET", "/api/auth/passkey/generate-register-options", { cookie });
  auth("sign-in/email", { email: EMAIL, password: PASSWORD });
  auth("request-password-reset", { email: EMAIL, redirectTo: "/reset-password" });
  auth("sign-up/email", { email: "new@example.com", password: PASSWORD, name: "New" });
  auth("change-password", { currentPassword: PASSWORD, newPassword: PASSWORD }, { cookie });
  return own;
}

async function signIn(): Promise<string> {
  const body = { email: EMAIL, password: PASSWORD };
  const { headers } = await api.ask("POST", "/api/auth/sign-in/email", { body });
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** Lehmer's generator: the same moments in every run, as far as the order of traffic is the same. */
function seededRandom(seed: number): () => number {
  let state = seed % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
