import { randomUUID } from "node:crypto";
import { type Action, API_KEY_SCOPES, mayDo, ROLES, type Role, SCOPE_ROLES } from "@waxseal/contract";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { addPasskeyRow } from "../e2e/add-passkey-row.ts";
import { type Answer, startTestApi, type TestApi } from "../e2e/start-test-api.ts";

/**
 * What to send to each route: `mine` are ids of the asking account, `theirs` of the other one; every route of the OpenAPI
 * document is here, so that a new one is proved too.
 */
type Plan =
  /** Answers anyone. */
  | "public"
  /** About the account as a whole; `body` makes a valid request. */
  | { own: { body?: unknown; query?: string } }
  /** About one object named in path, query or body. */
  | { object: (id: string) => { path?: Record<string, string>; body?: unknown; query?: string }; kind: Kind };

type Kind =
  | "filter"
  | "sheet"
  | "session"
  | "passkey"
  | "domain"
  | "report"
  | "message"
  | "apiKey"
  | "member"
  | "invitation";

const inPath = (kind: Kind, body?: unknown): Plan => ({
  kind,
  object: (id) => ({ path: { id }, ...(body === undefined ? {} : { body }) }),
});

const policy = { mode: "testing", mx: ["mx1.theirs.example"], maxAgeSeconds: 604_800 };

const FILTER = { page: "domains", name: "A filter", search: { q: "x" } };

const PLANS: Record<string, Plan> = {
  "GET /api/v1/info": "public",
  "GET /api/v1/check": "public",
  "GET /api/v1/me": { own: {} },
  "PUT /api/v1/me/account": { own: { body: { accountId: randomUUID() } } },
  "GET /api/v1/me/sessions": { own: {} },
  "GET /api/v1/me/passkeys": { own: {} },
  "PUT /api/v1/me/passkeys/{id}": inPath("passkey", { name: "Renamed" }),
  "DELETE /api/v1/me/passkeys/{id}": inPath("passkey"),
  "GET /api/v1/sso": { own: {} },
  "PUT /api/v1/sso": {
    own: {
      body: { issuer: "https://idp.example", clientId: "c", domains: ["a.example"], isRequired: false },
    },
  },
  "DELETE /api/v1/sso": { own: {} },
  "DELETE /api/v1/me/sessions/{id}": inPath("session"),
  "PUT /api/v1/account/two-factor": { own: { body: { required: false } } },
  "GET /api/v1/account/retention": { own: {} },
  "PUT /api/v1/account/retention": { own: { body: { rawDays: 30, dailyDays: 90 } } },
  "GET /api/v1/account/export": { own: {} },
  "GET /api/v1/account/closing": { own: {} },
  "POST /api/v1/account/closing": { own: { body: { name: "Not its name" } } },
  "DELETE /api/v1/account/closing": { own: {} },
  "GET /api/v1/account/brand": { own: {} },
  "PUT /api/v1/account/brand": { own: { body: { name: "A name" } } },
  "GET /api/v1/account/logo": { own: {} },
  "PUT /api/v1/account/logo": { own: { body: { image: "aWNvbg==" } } },
  "DELETE /api/v1/account/logo": { own: {} },
  "GET /api/v1/instructions": { kind: "domain", object: (id) => ({ query: `?domainIds=${id}` }) },
  "GET /api/v1/instructions/export": {
    kind: "domain",
    object: (id) => ({ query: `?format=zone&domainIds=${id}` }),
  },
  "GET /api/v1/instruction-sheets": { own: {} },
  "POST /api/v1/instruction-sheets": { kind: "domain", object: (id) => ({ body: { domainIds: [id] } }) },
  "DELETE /api/v1/instruction-sheets/{id}": inPath("sheet"),
  "GET /api/v1/tags": { own: {} },
  "POST /api/v1/domains/tags": {
    kind: "domain",
    object: (id) => ({ body: { domainIds: [id], add: ["x"] } }),
  },
  "GET /api/v1/saved-filters": { own: {} },
  "POST /api/v1/saved-filters": { own: { body: FILTER } },
  "DELETE /api/v1/saved-filters/{id}": inPath("filter"),
  "GET /api/v1/shared-instructions/{sheetToken}": "public",
  "GET /api/v1/shared-instructions/{sheetToken}/export": "public",
  "GET /api/v1/shared-instructions/{sheetToken}/logo": "public",
  "GET /api/v1/customers": { own: {} },
  "GET /api/v1/customers/domains": { own: {} },
  "POST /api/v1/customers": { own: { body: { name: "A customer" } } },
  "GET /api/v1/members": { own: {} },
  "PUT /api/v1/members/{id}": inPath("member", { role: "viewer" }),
  "DELETE /api/v1/members/{id}": inPath("member"),
  "GET /api/v1/invitations": { own: {} },
  "POST /api/v1/invitations": { own: { body: { email: "new@people.example", role: "viewer" } } },
  "DELETE /api/v1/invitations/{id}": inPath("invitation"),
  "GET /api/v1/api-keys": { own: {} },
  "POST /api/v1/api-keys": { own: { body: { name: "second" } } },
  "DELETE /api/v1/api-keys/{id}": inPath("apiKey"),
  "POST /api/v1/domains": { own: { body: { domain: "new.example" } } },
  "POST /api/v1/domains/preview": { own: { body: { text: "new.example" } } },
  "POST /api/v1/domains/bulk": { own: { body: { items: [{ domain: "another.example" }] } } },
  "GET /api/v1/domains": { own: {} },
  "GET /api/v1/domains/{id}": inPath("domain"),
  "POST /api/v1/domains/{id}/check": inPath("domain"),
  "POST /api/v1/domains/{id}/leave": inPath("domain"),
  "GET /api/v1/domains/{id}/served": inPath("domain"),
  "GET /api/v1/domains/{id}/share": inPath("domain"),
  "POST /api/v1/domains/{id}/share": inPath("domain"),
  "DELETE /api/v1/domains/{id}/share": inPath("domain"),
  "GET /api/v1/domains/{id}/live": inPath("domain"),
  "GET /api/v1/shared/{shareToken}": "public",
  "GET /api/v1/shared/{shareToken}/live": "public",
  "GET /api/v1/domains/{id}/certificate": inPath("domain"),
  "GET /api/v1/domains/{id}/mx": inPath("domain"),
  "GET /api/v1/domains/{id}/events": inPath("domain"),
  "GET /api/v1/domains/{id}/fetches": inPath("domain"),
  "GET /api/v1/domains/{id}/survey": inPath("domain"),
  "GET /api/v1/events": { own: {} },
  "GET /api/v1/events/export": { kind: "domain", object: (id) => ({ query: `?domainId=${id}` }) },
  "PUT /api/v1/domains/{id}/policy": inPath("domain", policy),
  "GET /api/v1/domains/{id}/policy/versions": inPath("domain"),
  "POST /api/v1/domains/{id}/policy/versions/{version}/restore": {
    kind: "domain",
    object: (id) => ({ path: { id, version: "1" } }),
  },
  "GET /api/v1/tls-reports/summary": { kind: "domain", object: (id) => ({ query: `?domainId=${id}` }) },
  "GET /api/v1/tls-reports/clusters": { kind: "domain", object: (id) => ({ query: `?domainId=${id}` }) },
  "GET /api/v1/tls-reports/export": { kind: "domain", object: (id) => ({ query: `?domainId=${id}` }) },
  "GET /api/v1/tls-reports": { kind: "domain", object: (id) => ({ query: `?domainId=${id}` }) },
  "GET /api/v1/tls-reports/{id}": inPath("report"),
  "GET /api/v1/tls-reports/{id}/raw": inPath("report"),
  "GET /api/v1/quarantine": { own: {} },
  "GET /api/v1/quarantine/{id}/raw": inPath("message"),
  "POST /api/v1/quarantine/{id}/reparse": inPath("message"),
  "POST /api/v1/sandbox/publish": { kind: "domain", object: (domainId) => ({ body: { domainId } }) },
  "POST /api/v1/sandbox/deliver": { kind: "domain", object: (domainId) => ({ body: { domainId } }) },
  "DELETE /api/v1/me/sessions": { own: {} },
};

/** What each route that is not public needs; the verbs decide by the same table. */
const NEEDS: Record<string, Action> = {
  "GET /api/v1/me": "account.read",
  "PUT /api/v1/me/account": "account.read",
  "GET /api/v1/me/sessions": "account.read",
  "GET /api/v1/me/passkeys": "account.read",
  "PUT /api/v1/me/passkeys/{id}": "account.read",
  "DELETE /api/v1/me/passkeys/{id}": "account.read",
  "GET /api/v1/sso": "sso.manage",
  "PUT /api/v1/sso": "sso.manage",
  "DELETE /api/v1/sso": "sso.manage",
  "DELETE /api/v1/me/sessions/{id}": "account.read",
  "PUT /api/v1/account/two-factor": "account.manage",
  "GET /api/v1/account/retention": "account.read",
  "PUT /api/v1/account/retention": "account.manage",
  "GET /api/v1/account/export": "account.export",
  "GET /api/v1/account/closing": "account.read",
  "POST /api/v1/account/closing": "account.close",
  "DELETE /api/v1/account/closing": "account.close",
  "GET /api/v1/account/brand": "account.read",
  "PUT /api/v1/account/brand": "account.manage",
  "GET /api/v1/account/logo": "account.read",
  "PUT /api/v1/account/logo": "account.manage",
  "DELETE /api/v1/account/logo": "account.manage",
  "GET /api/v1/instructions": "domains.read",
  "GET /api/v1/instructions/export": "domains.read",
  "GET /api/v1/instruction-sheets": "domains.read",
  "POST /api/v1/instruction-sheets": "domains.change",
  "DELETE /api/v1/instruction-sheets/{id}": "domains.change",
  "GET /api/v1/tags": "domains.read",
  "POST /api/v1/domains/tags": "domains.change",
  "GET /api/v1/saved-filters": "domains.read",
  "POST /api/v1/saved-filters": "domains.change",
  "DELETE /api/v1/saved-filters/{id}": "domains.change",
  "GET /api/v1/customers": "account.read",
  "GET /api/v1/customers/domains": "domains.read",
  "POST /api/v1/customers": "customers.manage",
  "GET /api/v1/members": "account.read",
  "PUT /api/v1/members/{id}": "members.manage",
  "DELETE /api/v1/members/{id}": "members.manage",
  "GET /api/v1/invitations": "account.read",
  "POST /api/v1/invitations": "members.manage",
  "DELETE /api/v1/invitations/{id}": "members.manage",
  "GET /api/v1/api-keys": "account.read",
  "POST /api/v1/api-keys": "apiKeys.manage",
  "DELETE /api/v1/api-keys/{id}": "apiKeys.manage",
  "GET /api/v1/events": "account.read",
  "GET /api/v1/events/export": "account.read",
  "POST /api/v1/domains": "domains.change",
  "POST /api/v1/domains/preview": "domains.change",
  "POST /api/v1/domains/bulk": "domains.change",
  "GET /api/v1/domains": "domains.read",
  "GET /api/v1/domains/{id}": "domains.read",
  "POST /api/v1/domains/{id}/check": "domains.change",
  "POST /api/v1/domains/{id}/leave": "domains.leave",
  "GET /api/v1/domains/{id}/served": "domains.read",
  "GET /api/v1/domains/{id}/live": "domains.read",
  "GET /api/v1/domains/{id}/share": "domains.read",
  "POST /api/v1/domains/{id}/share": "domains.change",
  "DELETE /api/v1/domains/{id}/share": "domains.change",
  "GET /api/v1/domains/{id}/certificate": "domains.read",
  "GET /api/v1/domains/{id}/mx": "domains.read",
  "GET /api/v1/domains/{id}/events": "domains.read",
  "GET /api/v1/domains/{id}/fetches": "domains.read",
  "GET /api/v1/domains/{id}/survey": "domains.read",
  "PUT /api/v1/domains/{id}/policy": "policies.publish",
  "GET /api/v1/domains/{id}/policy/versions": "domains.read",
  "POST /api/v1/domains/{id}/policy/versions/{version}/restore": "policies.publish",
  "GET /api/v1/tls-reports/clusters": "reports.read",
  "GET /api/v1/tls-reports/export": "reports.read",
  "GET /api/v1/tls-reports/summary": "reports.read",
  "GET /api/v1/tls-reports": "reports.read",
  "GET /api/v1/tls-reports/{id}": "reports.read",
  "GET /api/v1/tls-reports/{id}/raw": "reports.read",
  "GET /api/v1/quarantine": "reports.read",
  "GET /api/v1/quarantine/{id}/raw": "reports.read",
  "POST /api/v1/quarantine/{id}/reparse": "reports.change",
  "POST /api/v1/sandbox/publish": "domains.change",
  "POST /api/v1/sandbox/deliver": "domains.change",
  "DELETE /api/v1/me/sessions": "account.read",
};

let api: TestApi;
let routes: string[];
let mine: { accountId: string; key: string };
let theirIds: Record<Kind, string>;

beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  routes = listRoutes((await api.ask("GET", "/api/openapi.json")).json);
  mine = await api.newAccount("Mine");
  theirIds = await fillAccount(await api.newAccount("Theirs"));
});
afterAll(() => api.stop());

test("every route of the OpenAPI document is in the table, and the table names no other", () => {
  expect(Object.keys(PLANS).sort()).toEqual([...routes].sort());
});

test("without a session or a valid API key every route but the public ones answers 401", async () => {
  for (const [route, plan] of Object.entries(PLANS)) {
    if (plan === "public") continue;
    const nobody = await send(route, plan, randomUUID(), {});
    expect([route, nobody.status, Object(nobody.json).code]).toEqual([route, 401, "unauthenticated"]);
    const badKey = await send(route, plan, randomUUID(), { key: "wxs_not-a-key" });
    expect([route, badKey.status]).toEqual([route, 401]);
  }
});

test("every route that is not public has a line in the permission table", () => {
  const closed = Object.keys(PLANS).filter((route) => PLANS[route] !== "public");
  expect(Object.keys(NEEDS).sort()).toEqual(closed.sort());
});

test("what a viewer may call changes nothing", () => {
  const open = Object.keys(NEEDS).filter((route) => mayDo("viewer", NEEDS[route] ?? "account.manage"));
  const ownSessionOnly = [
    "PUT /api/v1/me/account",
    "PUT /api/v1/me/passkeys/{id}",
    "DELETE /api/v1/me/passkeys/{id}",
    "DELETE /api/v1/me/sessions/{id}",
    "DELETE /api/v1/me/sessions",
  ];
  expect(open.filter((route) => !route.startsWith("GET "))).toEqual(ownSessionOnly);
});

test.for(ROLES)("as %s every route is allowed or forbidden as the permission table says", async (role) => {
  const { accountId } = await api.newAccount(`Walked as ${role}`);
  await expectTable(role, { cookie: await api.signInAs(accountId, role) });
});

test.for(API_KEY_SCOPES)("with a key of scope %s every route follows the permission table", async (scope) => {
  const { key: first } = await api.newAccount(`Walked with ${scope}`);
  const made = await api.ask("POST", "/api/v1/api-keys", { key: first, body: { name: "walk", scope } });
  await expectTable(SCOPE_ROLES[scope], { key: String(Object(made.json).key) });
});

async function expectTable(role: Role, who: { key?: string; cookie?: string }): Promise<void> {
  for (const [route, action] of Object.entries(NEEDS)) {
    const plan = PLANS[route];
    if (plan === undefined || plan === "public") continue;
    const answer = await send(route, plan, randomUUID(), who);
    const isForbidden = answer.status === 403 && Object(answer.json).code === "forbidden";
    expect([route, isForbidden]).toEqual([route, !mayDo(role, action)]);
    expect([route, answer.status]).not.toEqual([route, 401]);
  }
}

test("another account's object answers exactly like a missing one, on every route", async () => {
  for (const [route, plan] of Object.entries(PLANS)) {
    if (plan === "public" || "own" in plan) continue;
    const other = await send(route, plan, theirIds[plan.kind], { key: mine.key });
    const missing = await send(route, plan, randomUUID(), { key: mine.key });
    expect([route, other.status]).toEqual([route, 404]);
    expect([route, withoutRequestId(other)]).toEqual([route, withoutRequestId(missing)]);
  }
});

test("lists of one account hold nothing of another", async () => {
  const ids = Object.values(theirIds);
  for (const path of [
    "/domains",
    "/events",
    "/api-keys",
    "/customers",
    "/members",
    "/invitations",
    "/tls-reports",
    "/quarantine",
    "/instructions",
    "/instruction-sheets",
    "/tags",
    "/saved-filters",
  ]) {
    const { status, text } = await api.ask("GET", `/api/v1${path}`, { key: mine.key });
    expect([path, status]).toEqual([path, 200]);
    for (const id of ids) expect(text).not.toContain(id);
    expect(text).not.toContain("theirs.example");
  }
});

test("what cannot be an id is the id of nothing", async () => {
  for (const [route, plan] of Object.entries(PLANS)) {
    if (plan === "public" || "own" in plan || !route.includes("{id}")) continue;
    const answer = await send(route, plan, "1 or 1=1", { key: mine.key });
    expect([route, answer.status]).toEqual([route, 404]);
  }
});

test("the other account's objects are still as they were", async () => {
  const domain = await api.db.domain.findFirstOrThrow({ where: { domain: "theirs.example" } });
  expect([domain.status, domain.servedVersion]).toEqual(["pending", 1]);
  expect(await api.db.apikey.count({ where: { id: theirIds.apiKey } })).toBe(1);
});

type Sent = { path?: Record<string, string>; body?: unknown; query?: string };

async function send(
  route: string,
  plan: Exclude<Plan, "public">,
  id: string,
  options: { key?: string; cookie?: string },
): Promise<Answer> {
  const { path = {}, query = "", body }: Sent = "own" in plan ? plan.own : plan.object(id);
  const [method = "", pattern = ""] = route.split(" ");
  const url = pattern.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(path[name] ?? ""));
  return api.ask(method, url + query, { ...options, ...(body === undefined ? {} : { body }) });
}

function withoutRequestId({ status, json }: Answer): unknown {
  return { status, json: { ...Object(json), requestId: null } };
}

function listRoutes(document: unknown): string[] {
  return Object.entries(Object(Object(document).paths)).flatMap(([path, item]) =>
    Object.keys(Object(item)).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

/** One object of every kind that has an id in the API. */
async function fillAccount({
  accountId,
  key,
}: {
  accountId: string;
  key: string;
}): Promise<Record<Kind, string>> {
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain: "theirs.example" } });
  const domainId = String(Object(added.json).id);
  const at = new Date();
  const message = await api.db.reportMessage.create({
    data: {
      accountId,
      domainId,
      transport: "https",
      receivedAt: at,
      contentSha256: "0".repeat(64),
      raw: Buffer.from("{"),
      state: "quarantined",
      quarantineReason: "not-json",
      quarantineDetail: "theirs.example",
    },
  });
  const reportDay = new Date(`${at.toISOString().slice(0, 10)}T00:00:00Z`);
  await api.db.$queryRaw`select ensure_report_partitions(${reportDay}::date)::text`;
  const report = await api.db.tlsReport.create({
    data: {
      accountId,
      reportDay,
      domainId,
      messageId: message.id,
      reporter: "theirs.example",
      reportId: "r1",
      startAt: reportDay,
      endAt: at,
      successfulSessions: 1n,
      failedSessions: 0n,
      resultTypes: [],
      trust: "unauthenticated",
      transport: "https",
      quirks: [],
      identity: "identity",
      policies: [],
      receivedAt: at,
    },
  });
  const apiKey = await api.db.apikey.findFirstOrThrow({ where: { referenceId: accountId } });
  const cookie = await api.signInAs(accountId, "owner");
  const body = { email: "theirs.example@people.example", role: "viewer" };
  const invited = await api.ask("POST", "/api/v1/invitations", { cookie, body });
  const session = await api.db.session.findFirstOrThrow({ where: { activeOrganizationId: accountId } });
  const member = await api.db.member.findFirstOrThrow({ where: { organizationId: accountId } });
  const sheet = await api.ask("POST", "/api/v1/instruction-sheets", { key, body: {} });
  const filter = await api.ask("POST", "/api/v1/saved-filters", { key, body: FILTER });
  return {
    domain: domainId,
    sheet: String(Object(sheet.json).id),
    filter: String(Object(filter.json).id),
    report: report.id,
    message: message.id,
    apiKey: apiKey.id,
    member: member.userId,
    session: session.id,
    passkey: await addPasskeyRow(api.db, member.userId, "theirs.example"),
    invitation: String(Object(invited.json).id),
  };
}
