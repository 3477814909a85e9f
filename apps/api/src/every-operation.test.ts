import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { fillAccount } from "../testing/fill-account.ts";
import { listRoutes } from "../testing/list-routes.ts";
import { type Kind, PLANS, type Plan } from "../testing/route-plans.ts";
import { sendPlan } from "../testing/send-plan.ts";
import { type Answer, startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { ROUTES_WITH_ETAG } from "./http/preconditions.ts";

// Each test asks every operation of the OpenAPI document.
vi.setConfig({ testTimeout: 120_000 });

let api: TestApi;
let routes: string[];
let accountId: string;
let cookie: string;
let ids: Record<Kind, string>;

beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  routes = listRoutes((await api.ask("GET", "/api/openapi.json")).json);
  const account = await api.newAccount("Every operation");
  ({ accountId } = account);
  ids = await fillAccount(api, account);
  cookie = await api.signInAs(accountId, "owner");
});
afterAll(() => api.stop());

type Closed = [route: string, plan: Exclude<Plan, "public">];

/** The operations that are not public. */
const listClosed = (isMeant: (route: string) => boolean): Closed[] =>
  routes.flatMap((route): Closed[] => {
    const plan = PLANS[route];
    return plan === undefined || plan === "public" || !isMeant(route) ? [] : [[route, plan]];
  });

const send = (one: Closed, headers: Record<string, string> = {}): Promise<Answer> => {
  const [, plan] = one;
  const id = "own" in plan ? "" : ids[plan.kind];
  return sendPlan(api, one, id, { cookie, account: accountId, headers });
};

test("RFC 9110 §15.5.6: every address answers a method that it lacks with 405, and names those it has", async () => {
  const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
  const known = routes.map((route) => {
    const [method = "", path = ""] = route.split(" ");
    return { method, path, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`) };
  });
  const tried: string[] = [];
  for (const path of new Set(known.map((one) => one.path))) {
    // An address may be that of two patterns: /domains/preview is one of /domains/{id} too.
    const has = new Set(known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method));
    if (has.has("GET")) has.add("HEAD");
    for (const method of METHODS.filter((one) => !has.has(one))) {
      const answer = await api.ask(method, path.replaceAll(/[{}]/g, ""), { cookie });
      const problem = Object(answer.json);
      expect([method, path, answer.status, answer.headers.get("allow"), problem.reason]).toEqual([
        ...[method, path, 405, [...has].sort().join(", "), "wrong_method"],
      ]);
      tried.push(`${method} ${path}`);
    }
  }
  expect(tried.length).toBeGreaterThan(300);
});

test("RFC 9110 §13.1.1: no operation changes anything for an ETag that its object does not have", async () => {
  for (const one of listClosed((route) => !route.startsWith("GET "))) {
    const { status, json } = await send(one, { "if-match": '"never-given"' });
    expect([one[0], status, Object(json).code]).toEqual([one[0], 412, "precondition_failed"]);
  }
});

test("every answer of some length is compressed for a client that can read that, except one with an ETag", async () => {
  const long: string[] = [];
  // A strong ETag is of these very bytes, and events must leave at once. RFC 9110 §8.8.1
  const isPlain = (route: string) =>
    ROUTES_WITH_ETAG.has(route.slice("GET ".length).replace("{id}", ":id")) || /\/(?:live|raw)$/.test(route);
  for (const one of listClosed((route) => route.startsWith("GET ") && !isPlain(route))) {
    const { text, headers } = await send(one, { "accept-encoding": "gzip" });
    if (text.length < 1_500) continue;
    long.push(one[0]);
    expect([one[0], headers.get("content-encoding")]).toEqual([one[0], "gzip"]);
  }
  expect(long.length).toBeGreaterThan(5);
});

test("every POST is done once for one Idempotency-Key, answers the same again, and refuses the key for another request", async () => {
  const posts = listClosed((route) => route.startsWith("POST "));
  expect(posts.length).toBeGreaterThan(30);
  for (const [index, one] of posts.entries()) {
    const [route] = one;
    const headers = { "idempotency-key": `key-${index}` };
    const first = await send(one, headers);
    const written = await countWritten();
    const second = await send(one, headers);
    expect([route, second.status, second.text]).toEqual([route, first.status, first.text]);
    expect([route, second.headers.get("idempotency-replayed")]).toEqual([route, "true"]);
    expect([route, await countWritten()]).toEqual([route, written]);
    const other: Closed = isOfPerson(route)
      ? ["POST /api/v1/me/accounts", { own: { body: { name: route } } }]
      : ["POST /api/v1/domains/preview", { own: { body: { text: "other.example" } } }];
    const changed = await send(other, headers);
    expect([route, changed.status, Object(changed.json).reason]).toEqual([
      route,
      422,
      "idempotency_key_reused",
    ]);
  }
});

/** What a person does about themselves has no account. */
const isOfPerson = (route: string) => /\/me\/|\/invitation-links\//.test(route);

async function countWritten(): Promise<number[]> {
  return [
    await api.db.event.count(),
    await api.db.organization.count(),
    await api.db.outgoingMail.count(),
    await api.db.policyVersion.count(),
  ];
}
