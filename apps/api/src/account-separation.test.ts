import { randomUUID } from "node:crypto";
import { API_KEY_SCOPES, type Grantee, mayDo, PROBLEM_REASONS, ROLES, SCOPE_ROLES } from "@waxseal/contract";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { fillAccount } from "../testing/fill-account.ts";
import { listRoutes } from "../testing/list-routes.ts";
import { type Kind, PLANS, type Plan } from "../testing/route-plans.ts";
import { sendPlan, withoutRequestId } from "../testing/send-plan.ts";
import { type Answer, startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { OPERATION_NEEDS } from "./docs/operation-needs.ts";

let api: TestApi;
let routes: string[];
let mine: { accountId: string; key: string };
let theirIds: Record<Kind, string>;

beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  routes = listRoutes((await api.ask("GET", "/api/openapi.json")).json);
  mine = await api.newAccount("Mine");
  theirIds = await fillAccount(api, await api.newAccount("Theirs"));
});
afterAll(() => api.stop());

test("every route of the OpenAPI document is in the table, and the table names no other", () => {
  expect(Object.keys(PLANS).sort()).toEqual([...routes].sort());
});

test("without a session or a valid API key every route but the public ones answers 401", async () => {
  for (const [route, plan] of Object.entries(PLANS)) {
    if (plan === "public") continue;
    const anonymous = await send(route, plan, randomUUID(), {});
    expect([route, anonymous.status, Object(anonymous.json).code]).toEqual([route, 401, "unauthenticated"]);
    // RFC 9110 §15.5.2
    expect([route, anonymous.headers.get("www-authenticate")]).toEqual([route, 'Bearer realm="Waxseal"']);
    const badKey = await send(route, plan, randomUUID(), { key: "wxs_not-a-key" });
    expect([route, badKey.status]).toEqual([route, 401]);
  }
});

test("every route that is not public has a line in the permission table", () => {
  const closed = Object.keys(PLANS).filter((route) => PLANS[route] !== "public");
  expect(Object.keys(OPERATION_NEEDS).sort()).toEqual(closed.sort());
});

test("every route open to a viewer changes nothing", () => {
  const open = Object.keys(OPERATION_NEEDS).filter((route) =>
    mayDo("viewer", OPERATION_NEEDS[route] ?? "account.manage"),
  );
  const ownSessionOnly = [
    "DELETE /api/v1/me",
    "PUT /api/v1/me/name",
    "POST /api/v1/me/email",
    "POST /api/v1/me/accounts",
    "POST /api/v1/invitation-links/{invitationToken}/accept",
    "PUT /api/v1/me/account",
    "PUT /api/v1/me/passkeys/{id}",
    "DELETE /api/v1/me/passkeys/{id}",
    "DELETE /api/v1/me/sessions/{id}",
    "POST /api/v1/device-logins/{userCode}/allow",
    "POST /api/v1/device-logins/{userCode}/deny",
    "DELETE /api/v1/me/sessions",
    "PUT /api/v1/me/notifications",
  ];
  expect(open.filter((route) => !route.startsWith("GET "))).toEqual(ownSessionOnly);
});

test.for(ROLES)("as %s every route is allowed or forbidden as the permission table says", async (role) => {
  const { accountId } = await api.newAccount(`Walked as ${role}`);
  // The walk makes a customer: from then on a session has two accounts.
  await expectTable(role, { cookie: await api.signInAs(accountId, role), account: accountId });
});

test.for(API_KEY_SCOPES)("with a key of scope %s every route follows the permission table", async (scope) => {
  const { key: first } = await api.newAccount(`Walked with ${scope}`);
  const made = await api.ask("POST", "/api/v1/api-keys", { key: first, body: { name: "walk", scope } });
  await expectTable(SCOPE_ROLES[scope], { key: String(Object(made.json).key) });
});

async function expectTable(role: Grantee, who: Parameters<typeof send>[3]): Promise<void> {
  for (const [route, action] of Object.entries(OPERATION_NEEDS)) {
    const plan = PLANS[route];
    if (plan === undefined || plan === "public") continue;
    const answer = await send(route, plan, randomUUID(), who);
    const isForbidden = answer.status === 403 && Object(answer.json).code === "forbidden";
    expect([route, isForbidden]).toEqual([route, !mayDo(role, action)]);
    expect([route, answer.status]).not.toEqual([route, 401]);
    if (answer.status >= 400) expectReason(route, answer);
  }
}

/** A refusal has a reason of its code; a forbidden one names what it needs and what the caller has. */
function expectReason(route: string, { status, json }: Answer): void {
  const { code, reason, needs, has } = Object(json);
  const table: Record<string, object> = PROBLEM_REASONS;
  expect([route, code, Object.keys(table[code] ?? {})]).toEqual([
    route,
    code,
    expect.arrayContaining([reason]),
  ]);
  if (reason !== "role_too_low" && reason !== "scope_too_narrow") return;
  expect([route, status, needs.includes(has), has]).toEqual([route, 403, false, expect.any(String)]);
}

test("another account's object answers exactly like a missing one, on every route", async () => {
  for (const [route, plan] of Object.entries(PLANS)) {
    if (plan === "public" || "own" in plan || !mayDo("admin", OPERATION_NEEDS[route] ?? "account.read"))
      continue;
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
    "/policy-changes",
    "/saved-filters",
    "/incidents?state=all",
    "/find?q=theirs",
    "/find?q=r1",
    "/channels",
    "/monthly-report/recipients",
  ]) {
    const { status, text } = await api.ask("GET", `/api/v1${path}`, { key: mine.key });
    expect([path, status]).toEqual([path, 200]);
    for (const id of ids) expect(text).not.toContain(id);
    expect(text).not.toContain("theirs.example");
  }
});

test("a cursor of another account, or one made up, reveals nothing of it and is never a failure of ours", async () => {
  const lists = listRoutes((await api.ask("GET", "/api/openapi.json")).json, "cursor");
  expect(lists).toEqual(expect.arrayContaining(["GET /api/v1/events", "GET /api/v1/tls-reports"]));
  const myIds = await fillMine();
  const cursors = makeCursors([theirIds.report, theirIds.domain]);
  for (const cursor of cursors) {
    const query = `cursor=${encodeURIComponent(cursor)}`;
    const answers = lists.map(async (route): Promise<[string, Answer]> => {
      const plan = PLANS[route] ?? "public";
      if (plan === "public") return [route, await api.ask("GET", `${myIds.sheet}?${query}`)];
      const id = "own" in plan ? "" : String(Object(myIds)[plan.kind]);
      return [route, await sendPlan(api, [route, plan], id, { key: mine.key, query })];
    });
    const body = { cursor };
    const reparsed = await api.ask("POST", "/api/v1/quarantine/reparse", { key: mine.key, body });
    for (const [route, { status, text }] of [
      ["reparse", reparsed] as const,
      ...(await Promise.all(answers)),
    ]) {
      expect([route, cursor, [200, 404, 422].includes(status) || status]).toEqual([route, cursor, true]);
      const leaked = [...Object.values(theirIds), "theirs.example"].filter((one) => text.includes(one));
      expect([route, cursor, leaked]).toEqual([route, cursor, []]);
    }
  }
});

test("a malformed id is answered like the id of a missing object", async () => {
  for (const [route, plan] of Object.entries(PLANS)) {
    if (plan === "public" || "own" in plan || !route.includes("{id}")) continue;
    // No key is an owner.
    if (!mayDo("admin", OPERATION_NEEDS[route] ?? "account.read")) continue;
    const answer = await send(route, plan, "1 or 1=1", { key: mine.key });
    expect([route, answer.status]).toEqual([route, 404]);
  }
});

test("the other account's objects are still as they were", async () => {
  const domain = await api.db.domain.findFirstOrThrow({ where: { domain: "theirs.example" } });
  expect([domain.status, domain.servedVersion]).toEqual(["pending", 1]);
  expect(await api.db.apikey.count({ where: { id: theirIds.apiKey } })).toBe(1);
});

const send = (
  route: string,
  plan: Exclude<Plan, "public">,
  id: string,
  options: { key?: string; cookie?: string; account?: string },
): Promise<Answer> => sendPlan(api, [route, plan], id, options);

/** Places in lists as each of them writes them, of these objects; and what is none. */
function makeCursors(ids: readonly string[]): string[] {
  const day = new Date().toISOString().slice(0, 10);
  const times = [`${day}T23:59:59.999Z`, "2026-02-31", "9999-12-31"];
  const instants = ids.flatMap((id) => times.map((at) => `${at}_${id}`));
  const places = [
    ...instants,
    ...ids.flatMap((id) => [`theirs.example_${id}`, `0_theirs.example__1`, `1_theirs.example_${id}_1`]),
    ...["v1", "p0", "p999999999", "ttheirs", "ta\0b", "t\ud800", "0_theirs", `0_${"x".repeat(22)}`],
  ];
  return [
    ...places.map((text) => Buffer.from(text).toString("base64url")),
    ...["", "theirs.example", "\0", "1", "-1", "1e99", "' or 1=1 --", "%00", "x".repeat(500), ...ids],
  ];
}

/** What lists of one object are asked about, and where the sheet's own list is. */
async function fillMine(): Promise<{ domain: string; change: string; sheet: string }> {
  const { key } = mine;
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain: "mine.example" } });
  const domain = String(Object(added.json).id);
  const prepared = { domainIds: [domain], edit: { maxAgeSeconds: 86_400 } };
  const change = await api.ask("POST", "/api/v1/policy-changes", { key, body: prepared });
  const sheet = await api.ask("POST", "/api/v1/instruction-sheets", { key, body: {} });
  const { sheetToken } = Object(sheet.json);
  return {
    domain,
    change: String(Object(change.json).id),
    sheet: `/api/v1/shared-instructions/${sheetToken}`,
  };
}
