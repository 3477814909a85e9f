import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { fillAccount } from "../testing/fill-account.ts";
import { listParameters, listRoutes, type Parameter } from "../testing/list-routes.ts";
import { CHANNEL, FILTER, type Kind, PLANS } from "../testing/route-plans.ts";
import { sendPlan, withoutRequestId } from "../testing/send-plan.ts";
import { type Answer, startTestApi, type TestApi } from "../testing/start-test-api.ts";

type Account = { accountId: string; key: string };

let api: TestApi;
let document: unknown;
let mine: Account;
let theirs: Account;
let myIds: Record<Kind, string>;
let theirIds: Record<Kind, string>;
/** A session in the account `mine` and no other. */
let cookie: string;
let theirCookie: string;

beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  document = (await api.ask("GET", "/api/openapi.json")).json;
  mine = await api.newAccount("Mine");
  theirs = await api.newAccount("Theirs");
  theirIds = await fillAccount(api, theirs);
  // An address that no claim holds: the names of the two accounts' domains differ.
  myIds = { ...theirIds, domain: await addDomain(mine.key, "mine.example") };
  cookie = await api.signInAs(mine.accountId, "owner");
  theirCookie = await api.signInAs(theirs.accountId, "owner");
});
afterAll(() => api.stop());

const closedPlans = () =>
  Object.entries(PLANS).flatMap(([route, plan]) => (plan === "public" ? [] : [{ route, plan }]));

test.for(["key", "session", "both"] as const)(
  "by %s, a request that names another account answers exactly like one that names no account, on every route",
  async (by) => {
    const who = { key: { key: mine.key }, session: { cookie }, both: { key: mine.key, cookie } }[by];
    for (const { route, plan } of closedPlans()) {
      const id = "own" in plan ? "" : theirIds[plan.kind];
      const ask = (naming: { account?: string; query?: string }) =>
        sendPlan(api, [route, plan], id, { ...who, ...naming });
      const [other, missing, byField] = await Promise.all([
        ask({ account: theirs.accountId }),
        ask({ account: randomUUID() }),
        ...(by === "key" ? [ask({ query: `account=${theirs.accountId}` })] : []),
      ]);
      for (const answer of [other, ...(byField ? [byField] : [])]) {
        const leaks = [...Object.values(theirIds), "theirs.example"].filter((one) =>
          answer.text.includes(one),
        );
        expect([route, leaks]).toEqual([route, []]);
        if (isOfPerson(route)) continue;
        expect([route, withoutRequestId(answer)]).toEqual([route, withoutRequestId(missing)]);
        expect([route, answer.status]).toEqual([route, 404]);
      }
    }
  },
);

/** What a person does about themselves has no account. */
const isOfPerson = (route: string) => /\/me(?:\/|$)|\/invitation-links\//.test(route);

/** Query fields that name nothing of an account, so that no foreign value exists. */
const HARMLESS = [
  "from",
  "to",
  "hours",
  "limit",
  "kind",
  "only",
  "period",
  "month",
  "format",
  "view",
  "state",
  "status",
  "scope",
  "trust",
  "result",
  "groupBy",
  "health",
  "apiKeys",
  "account",
  "domain",
  "condition",
  "severity",
  "ip",
  "policy",
];
/** Query fields that may name something of another account, with such a name. */
const foreignNames = (): Record<string, string[]> => ({
  actor: [theirIds.member, theirIds.apiKey],
  domainId: [theirIds.domain],
  domainIds: [theirIds.domain],
  accountId: [theirs.accountId],
  source: ["theirs.example"],
  mx: ["theirs.example"],
  externalId: ["their-customer"],
  tag: ["theirs"],
  q: ["theirs.example", "Theirs"],
  cursor: [],
});

test("every query field of the API either names nothing of an account or is tried with a name of another one", () => {
  const fields = listParameters(document).filter(({ in: place }) => place === "query");
  const names = [...new Set(fields.map(({ name }) => name))];
  expect(names.sort()).toEqual([...HARMLESS, ...Object.keys(foreignNames())].sort());
});

test("a query field that names something of another account answers exactly like a name that nothing has", async () => {
  await api.ask("POST", "/api/v1/domains/tags", {
    key: theirs.key,
    body: { domainIds: [theirIds.domain], add: ["theirs"] },
  });
  await api.ask("POST", "/api/v1/customers", {
    key: theirs.key,
    body: { name: "Their customer", externalId: "their-customer" },
  });
  for (const { route, name } of queryFields()) {
    for (const value of foreignNames()[name] ?? []) {
      const unknown = /^[\da-f-]{36}$/.test(value) ? randomUUID() : value.replace(/^t/i, "u");
      const [other, missing] = [await askWith(route, name, value), await askWith(route, name, unknown)];
      const asText = ({ status, text }: Answer) => [
        status,
        text.replace(/"requestId":"[^"]*"/, "").replaceAll(unknown, value),
      ];
      expect([route, name, ...asText(other)]).toEqual([route, name, ...asText(missing)]);
    }
  }
});

function queryFields(): Parameter[] {
  return listParameters(document).filter(
    ({ route, in: place }) => place === "query" && PLANS[route] !== "public" && !route.endsWith("/live"),
  );
}

/** Asks in the account `mine`, about its own domain unless the field names another. */
async function askWith(route: string, name: string, value: string): Promise<Answer> {
  const plan = PLANS[route];
  if (plan === undefined || plan === "public") throw new Error(`No plan for ${route}.`);
  const inPath = route.includes("{id}") && !("own" in plan) ? plan.object(myIds[plan.kind]) : {};
  const named = { own: { ...inPath, query: `${name}=${encodeURIComponent(value)}` } };
  return sendPlan(api, [route, named], "", { key: mine.key });
}

test("every list comes whole and in its order by pages of one item, and a cursor of it leads into nothing of another account", async () => {
  await fillLists(theirs, theirIds);
  const cursors: string[] = [];
  const isInOnePage: string[] = [];
  for (const route of listRoutes(document, "cursor")) {
    const plan = PLANS[route];
    if (plan === undefined || plan === "public") continue;
    const id = "own" in plan ? "" : theirIds[plan.kind];
    const listed = "own" in plan || route.includes("{id}") ? plan : { own: {} };
    const who = route.includes("/me/") ? { cookie: theirCookie } : { key: theirs.key };
    const read = async (query: string) => {
      const { status, json } = await sendPlan(api, [route, listed], id, { ...who, query });
      expect([route, query, status]).toEqual([route, query, 200]);
      return Object(json) as { items: unknown[]; nextCursor: string | null };
    };
    const whole = await read("limit=1000");
    const found: unknown[] = [];
    let next = "";
    do {
      const { items, nextCursor } = await read(`limit=1${next}`);
      expect([route, items.length <= 1]).toEqual([route, true]);
      found.push(...items);
      next = nextCursor === null ? "" : `&cursor=${nextCursor}`;
      if (nextCursor !== null && found.length === 1 && ONE_OF_EACH_KIND.has(route)) cursors.push(nextCursor);
    } while (next !== "");
    expect([route, found.map(nameItem)]).toEqual([route, whole.items.map(nameItem)]);
    if (found.length < 2) isInOnePage.push(route);
  }
  // What is computed for one object or a range of days: `pageOf` has its own test.
  expect(isInOnePage).toEqual([
    "GET /api/v1/me/sessions",
    "GET /api/v1/me/passkeys",
    "GET /api/v1/domains/{id}/mx",
    "GET /api/v1/domains/{id}/fetches",
    "GET /api/v1/policy-changes/{id}/lines",
    "GET /api/v1/tls-reports/clusters",
    "GET /api/v1/tls-reports/sources-by-day",
  ]);
  expect(cursors.length).toBe(ONE_OF_EACH_KIND.size);
  const leaks = [...Object.values(theirIds), theirs.accountId, "theirs.example"];
  const lists = listRoutes(document, "cursor").filter((route) => PLANS[route] !== "public");
  for (const cursor of cursors) {
    const answers = lists.map(async (route) => ({ route, ...(await askWith(route, "cursor", cursor)) }));
    for (const { route, status, text } of await Promise.all(answers)) {
      expect([route, cursor, [200, 422, 404].includes(status)]).toEqual([route, cursor, true]);
      expect([route, cursor, leaks.filter((one) => text.includes(one))]).toEqual([route, cursor, []]);
    }
  }
});

test("no export of one account holds anything of another", async () => {
  const leaks = [...Object.values(theirIds), theirs.accountId, "theirs.example"];
  const paths = [
    "/account/export",
    "/events/export?format=csv",
    "/events/export?format=json",
    ...["daily", "failures", "reports"].flatMap((view) =>
      ["csv", "json"].map((format) => `/tls-reports/export?view=${view}&format=${format}`),
    ),
    ...["csv", "zone"].map((format) => `/instructions/export?format=${format}`),
  ];
  for (const path of paths) {
    const { status, text } = await api.ask("GET", `/api/v1${path}`, { key: mine.key });
    expect([path, status, leaks.filter((one) => text.includes(one))]).toEqual([path, 200, []]);
  }
  const own = await api.ask("GET", "/api/v1/me/export", { cookie });
  expect([own.status, leaks.filter((one) => own.text.includes(one))]).toEqual([200, []]);
});

async function addDomain(key: string, domain: string): Promise<string> {
  return String(Object((await api.ask("POST", "/api/v1/domains", { key, body: { domain } })).json).id);
}

/** Lists whose cursors name different things: an instant, a day, a rank, a name, a version, a place. */
const ONE_OF_EACH_KIND: ReadonlySet<string> = new Set(
  [
    "members",
    "events",
    "tls-reports",
    "domains",
    "instructions",
    "tags",
    "domains/{id}/policy/versions",
    "customers",
  ].map((path) => `GET /api/v1/${path}`),
);

/** An item without what changes while a list is read. */
const nameItem = (item: unknown) => Object(item).id ?? JSON.stringify(item);

/** Two or more entries in every list. */
async function fillLists(
  { key, accountId }: Account,
  { report, message, domain, channel, notification }: Record<Kind, string>,
): Promise<void> {
  const second = await addDomain(key, "second.theirs.example");
  const make = async (path: string, body: unknown) => {
    const { status } = await api.ask("POST", `/api/v1${path}`, { key, body });
    expect([path, status < 300]).toEqual([path, true]);
  };
  await make("/api-keys", { name: "second", scope: "read" });
  await make("/invitations", { email: "second@people.example", role: "viewer" });
  await make("/saved-filters", { ...FILTER, name: "A second filter" });
  await make("/instruction-sheets", {});
  await make("/policy-changes", { domainIds: [domain, second], edit: { maxAgeSeconds: 86_400 } });
  await make("/channels", { ...CHANNEL, name: "A second hook" });
  await make("/customers", { name: "second.theirs.example" });
  for (const maxAgeSeconds of [86_400, 172_800]) {
    const body = { mode: "testing", mx: ["mx1.theirs.example"], maxAgeSeconds };
    const { status } = await api.ask("PUT", `/api/v1/domains/${domain}/policy`, { key, body });
    expect(status).toBe(200);
  }
  const sent = { accountId, channelId: channel, notificationId: notification, outcome: "delivered", ms: 1 };
  for (const id of [randomUUID(), randomUUID()])
    await api.db.delivery.create({ data: { ...sent, id, at: new Date() } });
  for (const email of ["one@people.example", "two@people.example"])
    await make("/monthly-report/recipients", { email });
  await make("/domains/tags", { domainIds: [second], add: ["theirs", "Zürich"] });
  const again = await api.reports.tlsReport.findFirstOrThrow({ where: { accountId, id: report } });
  await api.reports.tlsReport.create({
    data: { ...again, id: randomUUID(), identity: "second", policies: [] },
  });
  const kept = await api.reports.reportMessage.findFirstOrThrow({ where: { accountId, id: message } });
  await api.reports.reportMessage.create({ data: { ...kept, id: randomUUID() } });
  const incident = await api.db.incident.findFirstOrThrow({ where: { accountId } });
  await api.db.incident.create({ data: { ...incident, id: randomUUID(), causeKey: "second" } });
}
