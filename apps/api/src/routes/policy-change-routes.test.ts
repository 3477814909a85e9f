import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
let provider: { accountId: string; key: string };
let ids: Record<string, string>;

const NAMES = ["a", "b", "c", "d", "e", "f"].map((letter) => `${letter}.example`);

beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  provider = await api.newAccount("Provider");
  const other = await api.newAccount("Other");
  const items = NAMES.map((domain, n) => ({ domain, customer: n % 2 ? "Bakery" : null }));
  await ask("POST", "/domains/bulk", { items, createCustomers: true });
  await api.ask("POST", "/api/v1/domains", { key: other.key, body: { domain: "secret.example" } });
  ids = Object.fromEntries((await api.db.domain.findMany()).map(({ domain, id }) => [domain, id]));
  for (const domain of NAMES) {
    await api.db.policyVersion.updateMany({
      where: { domainId: ids[domain] ?? "" },
      data: { mx: [`mx.${domain}`] },
    });
  }
  await api.db.domain.updateMany({
    where: { domain: "c.example" },
    data: { mxHosts: [{ mxHost: "other.c.example", preference: 1 }], mxCheckedAt: new Date() },
  });
  await api.db.domain.updateMany({ where: { domain: "d.example" }, data: { status: "left" } });
});
afterAll(() => api.stop());

const ask = (method: string, path: string, body?: unknown, cookie?: string) =>
  api.ask(method, `/api/v1${path}`, {
    ...(cookie ? { cookie, account: provider.accountId } : { key: provider.key }),
    ...(body === undefined ? {} : { body }),
  });
const idsOf = (...domains: string[]) => domains.map((domain) => ids[domain]);
const newestOf = (domain: string) =>
  api.db.policyVersion.findFirstOrThrow({
    where: { domainId: ids[domain] ?? "" },
    orderBy: { version: "desc" },
  });

async function prepare(body: object): Promise<string> {
  const { status, json, text } = await ask("POST", "/policy-changes", body);
  expect([status, text]).toEqual([201, text]);
  return String(Object(json).id);
}

async function linesOf(changeId: string) {
  const { json } = await ask("GET", `/policy-changes/${changeId}/lines`);
  const items: { domain: string; state: string; reason: string | null }[] = Object(json).items;
  return items.map(({ domain, state, reason }) => [domain, state, reason]);
}

test("a preview says of every domain what becomes different or why not, and changes no policy (RFC 8461 §3.2)", async () => {
  await ask("PUT", `/domains/${ids["e.example"]}/policy`, {
    mode: "enforce",
    mx: ["mx.e.example"],
    maxAgeSeconds: 604_800,
  });
  const before = await api.db.policyVersion.count();
  const id = await prepare({ domainIds: idsOf(...NAMES), edit: { mode: "enforce" } });
  expect(await linesOf(id)).toEqual([
    ["a.example", "waiting", null],
    ["b.example", "waiting", null],
    ["c.example", "refused", expect.stringMatching(/^other\.c\.example receives mail/)],
    ["d.example", "refused", expect.stringMatching(/has left/)],
    ["e.example", "unchanged", null],
    ["f.example", "waiting", null],
  ]);
  const first = `/policy-changes/${id}/lines?state=waiting&limit=1`;
  const { json } = await ask("GET", first);
  expect(json).toMatchObject({
    items: [
      {
        domain: "a.example",
        customer: null,
        before: { mode: "testing", mx: ["mx.a.example"] },
        after: { mode: "enforce", mx: ["mx.a.example"] },
      },
    ],
    nextCursor: expect.stringMatching(/^[\w-]+$/),
  });
  const next = (await ask("GET", `${first}&cursor=${Object(json).nextCursor}`)).json;
  expect(next).toMatchObject({ items: [{ domain: "b.example" }], nextCursor: expect.any(String) });
  expect(await api.db.policyVersion.count()).toBe(before);
  const stops = await Promise.all([1, 2, 3].map(() => ask("POST", `/policy-changes/${id}/stop`)));
  expect(stops.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  expect(await api.db.event.count({ where: { kind: "policyChange.stopped" } })).toBe(1);
  expect((await ask("GET", `/policy-changes/${id}`)).json).toMatchObject({ waiting: 0, stopped: 3 });
  expect((await ask("POST", `/policy-changes/${id}/continue`, {})).status).toBe(409);
});

test("it is applied in steps that can break off anywhere, each event says who, before and after, and which change", async () => {
  const cookie = await api.signInAs(provider.accountId, "editor", "anna@people.example");
  const edit = { addMx: ["MX2.mail.example."], maxAgeSeconds: 1_209_600 };
  const id = await prepare({ domainIds: idsOf("a.example", "b.example", "f.example"), edit });
  const step = () => ask("POST", `/policy-changes/${id}/continue`, { limit: 1 }, cookie);
  expect((await step()).json).toMatchObject({ applied: 1, waiting: 2, endedAt: null });
  expect((await ask("GET", `/policy-changes/${id}`)).json).toMatchObject({ applied: 1, waiting: 2 });
  await step();
  expect((await step()).json).toMatchObject({ applied: 3, waiting: 0, endedAt: expect.any(String) });
  expect(await newestOf("b.example")).toMatchObject({
    mx: ["mx.b.example", "mx2.mail.example"],
    maxAgeSeconds: 1_209_600,
    mode: "testing",
  });
  const event = await api.db.event.findFirstOrThrow({
    where: { domainId: ids["b.example"] ?? "", kind: "policy.created" },
    orderBy: { id: "desc" },
  });
  expect(event).toMatchObject({
    actorKind: "user",
    data: { changeId: id, before: { mx: ["mx.b.example"], maxAgeSeconds: 604_800 } },
  });
});

test("all of a status are those that the list of domains shows of it, also with a problem", async () => {
  const where = { domain: { in: ["a.example", "e.example"] }, accountId: provider.accountId };
  await api.db.domain.updateMany({ where, data: { status: "active" } });
  await api.db.domain.updateMany({ where: { domain: "a.example" }, data: { publishProblem: "broken" } });
  const filter = { accountId: provider.accountId, status: "active" };
  const id = await prepare({ filter, edit: { maxAgeSeconds: 86_400 } });
  const listed = Object((await ask("GET", "/domains?status=active")).json).items;
  expect((await linesOf(id)).map(([domain]) => domain)).toEqual(
    listed.map(({ domain }: { domain: string }) => domain),
  );
  expect(listed.length).toBeGreaterThan(1);
  const others = await ask("POST", "/policy-changes", {
    filter,
    expected: listed.length + 1,
    edit: { maxAgeSeconds: 86_400 },
  });
  expect([others.status, Object(others.json).code]).toEqual([409, "conflict"]);
  await ask("POST", `/policy-changes/${id}/stop`);
  await api.db.domain.updateMany({ where, data: { status: "pending", publishProblem: null } });
});

test("two who continue at once set each policy once", async () => {
  const id = await prepare({
    domainIds: idsOf("a.example", "b.example", "f.example"),
    edit: { maxAgeSeconds: 86_400 },
  });
  const before = await api.db.policyVersion.count();
  await Promise.all([1, 2, 3].map(() => ask("POST", `/policy-changes/${id}/continue`, { limit: 25 })));
  expect((await ask("GET", `/policy-changes/${id}`)).json).toMatchObject({
    applied: 3,
    refused: 0,
    waiting: 0,
  });
  expect(await api.db.policyVersion.count()).toBe(before + 3);
});

test("a policy changed after the preview stays, and its line says who changed it", async () => {
  const id = await prepare({ domainIds: idsOf("a.example", "f.example"), edit: { mode: "enforce" } });
  await ask("PUT", `/domains/${ids["a.example"]}/policy`, {
    mode: "none",
    mx: ["mx.a.example"],
    maxAgeSeconds: 86_400,
  });
  await ask("POST", `/policy-changes/${id}/continue`, {});
  expect(await linesOf(id)).toEqual([
    ["a.example", "refused", "Its policy was changed by test after the preview."],
    ["f.example", "applied", null],
  ]);
  expect((await newestOf("a.example")).mode).toBe("none");
});

test("RFC 8461 §5: each domain is looked at when its turn comes, and what stops it is in its line", async () => {
  await ask("POST", `/domains/tags`, { domainIds: idsOf("b.example"), add: ["late"] });
  const id = await prepare({ filter: { tag: "late" }, edit: { mode: "enforce" } });
  await api.zones.createZone("b.example");
  await ask("POST", `/policy-changes/${id}/continue`, {});
  expect(await linesOf(id)).toEqual([
    [
      "b.example",
      "refused",
      expect.stringMatching(/^Enforcing this policy could hold mail back: None of the hosts/),
    ],
  ]);
  expect((await newestOf("b.example")).mode).toBe("testing");
});

test("a customer that was given up keeps its policies", async () => {
  const id = await prepare({ domainIds: idsOf("f.example"), edit: { mode: "testing" } });
  const bakery = await api.db.organization.findFirstOrThrow({ where: { name: "Bakery" } });
  await api.db.organization.update({ where: { id: bakery.id }, data: { parentId: null } });
  await ask("POST", `/policy-changes/${id}/continue`, {});
  await api.db.organization.update({ where: { id: bakery.id }, data: { parentId: provider.accountId } });
  expect(await linesOf(id)).toEqual([["f.example", "refused", "Its account is no longer a customer."]]);
});

test.each([
  [{ edit: { mode: "testing" } }, 422],
  [{ domainIds: ["own"], edit: {} }, 422],
  [{ domainIds: ["own"], edit: { addMx: ["not a host"] } }, 201],
  [{ filter: { tag: "not in use" }, edit: { mode: "testing" } }, 422],
  [{ domainIds: ["secret"], edit: { mode: "testing" } }, 404],
])("%j answers %i", async (body, status) => {
  const names: Record<string, string | undefined> = { own: ids["a.example"], secret: ids["secret.example"] };
  const domainIds = "domainIds" in body ? body.domainIds?.map((name) => names[name]) : undefined;
  const answer = await ask("POST", "/policy-changes", { ...body, ...(domainIds && { domainIds }) });
  expect(answer.status).toBe(status);
  if (status === 201)
    expect(answer.json).toMatchObject({ refused: 1, waiting: 0, endedAt: expect.any(String) });
});
