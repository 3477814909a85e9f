import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { PLANS, type Plan } from "../testing/route-plans.ts";
import { sendPlan, withoutRequestId } from "../testing/send-plan.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

// Many tests ask every route, some of them several times.
vi.setConfig({ testTimeout: 60_000 });

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

type Route = [route: string, plan: Exclude<Plan, "public">];

const CLOSED = Object.entries(PLANS).flatMap(([route, plan]): Route[] =>
  plan === "public" ? [] : [[route, plan]],
);

/** Routes about the person who is signed in; all others are about an account. */
const ABOUT_A_PERSON = [
  "PUT /api/v1/me/account",
  "PUT /api/v1/me/passkeys/{id}",
  "DELETE /api/v1/me/passkeys/{id}",
  "DELETE /api/v1/me/sessions/{id}",
  "DELETE /api/v1/me/sessions",
  "POST /api/v1/device-logins/{userCode}/deny",
];
/** Routes that take no account at all: naming one, even a foreign one, changes nothing in the answer. */
const APART_FROM_ACCOUNTS = [
  "GET /api/v1/me/person",
  "PUT /api/v1/me/name",
  "POST /api/v1/me/email",
  "POST /api/v1/me/accounts",
  "DELETE /api/v1/me",
  "GET /api/v1/me/export",
  "POST /api/v1/invitation-links/{invitationToken}/accept",
];
const isChange = ([route]: Route) => !route.startsWith("GET ");
const isFile = ([route]: Route) => route.startsWith("GET ") && route.endsWith("/export");
const isAboutAPerson = ([route]: Route) => [...ABOUT_A_PERSON, ...APART_FROM_ACCOUNTS].includes(route);
const MUST_NAME = CLOSED.filter((route) => !isAboutAPerson(route) && (isFile(route) || isChange(route)));

/** A user with a role in two accounts, whose session starts in the first. */
async function newPersonOfTwo(name: string): Promise<{ cookie: string; first: string; second: string }> {
  const [{ accountId: first }, { accountId: second }] = [
    await api.newAccount(`${name} 1`),
    await api.newAccount(`${name} 2`),
  ];
  const cookie = await api.signInAs(first, "owner");
  const { userId } = await api.db.member.findFirstOrThrow({ where: { organizationId: first } });
  await api.db.member.create({ data: { id: randomUUID(), organizationId: second, userId, role: "owner" } });
  return { cookie, first, second };
}

const countWritten = async (accountIds: string[]) => {
  const where = { accountId: { in: accountIds } };
  return [await api.db.event.count({ where }), await api.db.domain.count({ where })];
};

test("a member of two accounts who names none is refused on every route that changes an account or exports it", async () => {
  const { cookie, first, second } = await newPersonOfTwo("Unnamed");
  const before = await countWritten([first, second]);
  for (const route of MUST_NAME) {
    const { status, json } = await sendPlan(api, route, randomUUID(), { cookie });
    expect([route[0], status, Object(json).code]).toEqual([route[0], 400, "account_required"]);
  }
  expect(await countWritten([first, second])).toEqual(before);
});

test("a provider's member with one customer is refused in the same way", async () => {
  const provider = await api.newAccount("Provider of one");
  const cookie = await api.signInAs(provider.accountId, "owner");
  const body = { domain: "unnamed.example" };
  expect((await api.ask("POST", "/api/v1/domains", { cookie, body })).status).toBe(201);
  await api.ask("POST", "/api/v1/customers", { key: provider.key, body: { name: "Its customer" } });
  for (const route of MUST_NAME) {
    const { status, json } = await sendPlan(api, route, randomUUID(), { cookie });
    expect([route[0], status, Object(json).code]).toEqual([route[0], 400, "account_required"]);
  }
});

test("other reads without a name answer for the account where the session starts", async () => {
  const { cookie, first, second } = await newPersonOfTwo("Reader");
  const me = async () => Object((await api.ask("GET", "/api/v1/me", { cookie })).json).account.id;
  expect(await me()).toBe(first);
  await api.ask("PUT", "/api/v1/me/account", { cookie, body: { accountId: second } });
  expect(await me()).toBe(second);
});

test("on every route the named account counts, wherever the session starts", async () => {
  const { cookie, first, second } = await newPersonOfTwo("Named");
  await api.ask("PUT", "/api/v1/me/account", { cookie, body: { accountId: first } });
  const before = await countWritten([first]);
  const { json } = await api.ask("POST", "/api/v1/domains", {
    cookie,
    account: second,
    body: { domain: "named.example" },
  });
  const domainId = String(Object(json).id);
  const deletion = "DELETE /api/v1/domains/{id}";
  const routes = CLOSED.filter(([route]) => !route.includes("/me/") && !route.endsWith("/live"));
  // The domain is deleted last, because the other routes are asked about it.
  for (const route of routes.toSorted(([a], [b]) => Number(a === deletion) - Number(b === deletion))) {
    const isDomain = "kind" in route[1] && route[1].kind === "domain";
    const id = isDomain ? domainId : randomUUID();
    const { status, json: answer } = await sendPlan(api, route, id, { cookie, account: second });
    expect([route[0], status, Object(answer).code]).not.toEqual([route[0], 400, "account_required"]);
    if (isDomain && !route[0].includes("/sandbox/"))
      expect([route[0], Object(answer).detail]).not.toEqual([route[0], "There is no such domain."]);
  }
  expect(await countWritten([first])).toEqual(before);
  expect((await countWritten([second]))[0]).toBeGreaterThan(10);
});

test("on every route an account that one has no role in answers exactly like one that does not exist", async () => {
  const { cookie } = await newPersonOfTwo("Outsider");
  const { accountId: foreign } = await api.newAccount("Foreign");
  const { key } = await api.newAccount("Key");
  const before = await countWritten([foreign]);
  for (const route of CLOSED) {
    const send = (options: Parameters<typeof sendPlan>[3]) => sendPlan(api, route, randomUUID(), options);
    const answers = await Promise.all([
      send({ cookie, account: randomUUID() }),
      send({ cookie, account: foreign }),
      send({ key, account: foreign }),
      send({ key, query: `account=${foreign}` }),
    ]);
    const isApart = APART_FROM_ACCOUNTS.includes(route[0]);
    if (!isApart) expect([route[0], answers[0]?.status]).toEqual([route[0], 404]);
    // The export of a person says when it was made.
    const answered = answers.map((answer) =>
      JSON.stringify(isApart ? [answer.status, Object(answer.json).code] : withoutRequestId(answer)),
    );
    // A route about a person refuses API keys, so session and key differ there.
    for (const alike of isApart ? [answered.slice(0, 2), answered.slice(2)] : [answered]) {
      expect([route[0], new Set(alike).size]).toEqual([route[0], 1]);
    }
  }
  expect(await countWritten([foreign])).toEqual(before);
});

test("the query names the account where no header can be sent, and two different names are refused", async () => {
  const { cookie, first, second } = await newPersonOfTwo("Query");
  for (const accountId of [first, second]) {
    const { json } = await api.ask("GET", `/api/v1/me?account=${accountId}`, { cookie });
    expect(Object(json).account.id).toBe(accountId);
    const file = await api.ask("GET", `/api/v1/account/export?account=${accountId}`, { cookie });
    expect([file.status, file.text.includes(accountId)]).toEqual([200, true]);
  }
  const twice = { cookie, account: first };
  for (const path of [`/api/v1/me?account=${second}`, `/api/v1/me?account=${first}&account=${second}`]) {
    const { status, json } = await api.ask("GET", path, twice);
    expect([status, Object(json).code]).toEqual([422, "invalid"]);
  }
  for (const none of ["", "%00", "..", "1 or 1=1"]) {
    const { status } = await api.ask("GET", `/api/v1/me?account=${none}`, { cookie });
    expect([none, status]).toEqual([none, 404]);
  }
});

test("an API key needs no name: it acts in its own account", async () => {
  const { accountId, key } = await api.newAccount("Provider with a key");
  await api.ask("POST", "/api/v1/customers", { key, body: { name: "Its customer" } });
  const { status } = await api.ask("POST", "/api/v1/domains", { key, body: { domain: "own.example" } });
  expect(status).toBe(201);
  expect(await api.db.domain.findFirst({ where: { accountId } })).toMatchObject({ domain: "own.example" });
});

test("a session of single sign-on has the accounts of its provider only", async () => {
  const { cookie, first, second } = await newPersonOfTwo("Single sign-on");
  await api.db.session.updateMany({
    where: { activeOrganizationId: first },
    data: { ssoAccountId: first, signedInBy: "sso" },
  });
  const body = { domain: "sso.example" };
  expect((await api.ask("POST", "/api/v1/domains", { cookie, body })).status).toBe(201);
  const named = await api.ask("POST", "/api/v1/domains", { cookie, body, account: second });
  expect(named.status).toBe(404);
});

test("the OpenAPI document has the account as a parameter of every operation that is not public", async () => {
  const { paths } = Object((await api.ask("GET", "/api/openapi.json")).json);
  for (const [route, plan] of Object.entries(PLANS)) {
    const [method = "", path = ""] = route.split(" ");
    const { parameters = [] } = paths[path][method.toLowerCase()];
    const names = parameters.map(({ name }: { name: string }) => name);
    expect([route, names.includes("X-Waxseal-Account")]).toEqual([route, plan !== "public"]);
    expect([route, names.includes("account")]).toEqual([route, plan !== "public" && method === "GET"]);
  }
});
