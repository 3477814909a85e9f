import { type DomainView, type PolicyVersionListView, UNSAFE_CODES } from "@waxseal/contract";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { z } from "zod";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

type Versions = z.infer<typeof PolicyVersionListView>["items"];

let api: TestApi;
let key: string;
let accountId: string;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  ({ key, accountId } = await api.newAccount("Policies"));
});
afterAll(() => api.stop());

const enforce = { mode: "enforce", mx: ["mx1.example.com", "*.mail.example.net"], maxAgeSeconds: 1_209_600 };

async function addDomain(domain: string): Promise<string> {
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain } });
  return (added.json as z.infer<typeof DomainView>).id;
}

async function versionsOf(id: string): Promise<Versions> {
  return Object((await api.ask("GET", `/api/v1/domains/${id}/policy/versions`, { key })).json).items;
}

test("RFC 8461 §8.1: a new version is served at once, announced to the policy servers, and queued for the record", async () => {
  const id = await addDomain("served.example");
  const put = await api.ask("PUT", `/api/v1/domains/${id}/policy`, { key, body: enforce });
  expect(put.status).toBe(200);
  expect(put.json).toMatchObject({
    version: 2,
    state: "publishing",
    publishedAt: null,
    body: "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmx: *.mail.example.net\r\nmax_age: 1209600\r\n",
  });
  const domain = await api.db.domain.findFirstOrThrow({ where: { id } });
  expect([domain.servedVersion, domain.publishedVersion]).toEqual([2, null]);
  expect(await api.db.servingChange.count({ where: { kind: "policy", key: "served.example" } })).toBe(1);
  const jobs = await api.db.$queryRaw<{ n: bigint }[]>`
    select count(*) as n from graphile_worker.jobs where key = ${`policy.publish:${id}`}`;
  expect(jobs[0]?.n).toBe(1n);
});

/** Agreement to every reason there is. */
const agreeTo = (confirmDomain: string) => ({ acknowledge: UNSAFE_CODES, confirmDomain });

test("RFC 8461 §5: enforcing without a live MX host is refused with the reasons, unless each is named and the domain typed", async () => {
  await api.zones.createZone("uncovered.example");
  const id = await addDomain("uncovered.example");
  const put = (body: object) => api.ask("PUT", `/api/v1/domains/${id}/policy`, { key, body });
  const policy = { ...enforce, mx: ["mx1.uncovered.example"] };
  const refused = await put(policy);
  expect([refused.status, refused.json]).toEqual([
    409,
    expect.objectContaining({
      code: "unsafe",
      assessmentId: expect.any(String),
      reasons: expect.arrayContaining([
        expect.objectContaining({ code: "mx-uncovered", level: "stop", mxHost: "mx2.uncovered.example" }),
        expect.objectContaining({ code: "mx-unknown", mxHost: "mx1.uncovered.example" }),
        expect.objectContaining({ code: "no-evidence", level: "stop" }),
      ]),
    }),
  ]);
  const some = { acknowledge: ["mx-uncovered"], confirmDomain: "uncovered.example" };
  const wrongName = { ...agreeTo("uncovered.example"), confirmDomain: "other.example" };
  for (const consent of [some, { acknowledge: UNSAFE_CODES }, wrongName]) {
    expect((await put({ ...policy, ...consent })).json).toMatchObject({ code: "unsafe" });
  }
  expect(await versionsOf(id)).toHaveLength(1);
  expect((await put({ ...policy, mode: "testing" })).status).toBe(200);
  expect((await put({ ...policy, ...agreeTo(" Uncovered.example ") })).status).toBe(200);
  const events = await api.ask("GET", `/api/v1/domains/${id}/events`, { key });
  expect(Object(events.json).items[0].data).toMatchObject({
    acknowledged: expect.arrayContaining(["mx-uncovered", "no-evidence"]),
    uncoveredMxHosts: ["mx2.uncovered.example"],
  });
});

test("an assessment holds for its policy, its domain and its account, and not once the MX hosts or the policy changed", async () => {
  await api.zones.createZone("assessed.example");
  const id = await addDomain("assessed.example");
  const path = `/api/v1/domains/${id}/policy`;
  const policy = { ...enforce, mx: ["*.assessed.example"] };
  const look = await api.ask("POST", `${path}/assess`, { key, body: policy });
  expect(look.json).toMatchObject({ verdict: "stop", simulation: { sessions: 0 } });
  const { assessmentId, reasons } = Object(look.json);
  const stops = reasons.filter(({ level }: { level: string }) => level === "stop");
  const acknowledge = stops.map(({ code }: { code: string }) => code);
  const consent = { assessmentId, acknowledge, confirmDomain: "assessed.example" };
  const put = (changes: object) => api.ask("PUT", path, { key, body: { ...policy, ...consent, ...changes } });

  await api.db.domain.updateMany({
    where: { id },
    data: { mxHosts: [{ mxHost: "mx9.assessed.example", preference: 1 }] },
  });
  expect((await put({})).json).toMatchObject({
    code: "conflict",
    detail: expect.stringMatching(/mail hosts .* changed/),
  });
  await api.ask("POST", `${path}/assess`, { key, body: policy });
  await api.ask("PUT", path, { key, body: { ...policy, mode: "testing" } });
  expect((await put({})).json).toMatchObject({
    code: "conflict",
    detail: expect.stringMatching(/^The policy/),
  });

  const again = await api.ask("POST", `${path}/assess`, { key, body: policy });
  const { assessmentId: fresh } = Object(again.json);
  expect((await put({ assessmentId: fresh })).status).toBe(200);
  const other = await api.newAccount("Another");
  const foreign = await api.ask("POST", `${path}/assess`, { key: other.key, body: policy });
  expect(foreign.status).toBe(404);
});

test("testing and none are assessed as safe without a look: the way out is never stopped", async () => {
  const id = await addDomain("way-out.example");
  for (const mode of ["testing", "none"]) {
    const body = { ...enforce, mode };
    const look = await api.ask("POST", `/api/v1/domains/${id}/policy/assess`, { key, body });
    expect(look.json).toMatchObject({ verdict: "safe", reasons: [] });
  }
});

test("patterns are taken as typed and published as A-labels without a dot", async () => {
  const id = await addDomain("typed.example");
  const body = { ...enforce, mx: [" MX1.Bücher.example. "] };
  const put = await api.ask("PUT", `/api/v1/domains/${id}/policy`, { key, body });
  expect(put.json).toMatchObject({ mx: ["mx1.xn--bcher-kva.example"] });
});

const bad: [string, object, string[]][] = [
  ["an IP as mx", { ...enforce, mx: ["mx1.example.com", "192.0.2.1"] }, ["mx.1"]],
  ["max_age over 31557600", { ...enforce, maxAgeSeconds: 31_557_601 }, ["maxAgeSeconds"]],
  ["no mx", { ...enforce, mx: [] }, ["mx"]],
  ["enforce for less than a day", { ...enforce, maxAgeSeconds: 3_600 }, ["maxAgeSeconds"]],
  ["an mx twice", { ...enforce, mx: ["mx1.example.com", "MX1.example.com"] }, ["mx.1"]],
  ["an unknown mode", { ...enforce, mode: "strict" }, ["mode"]],
  ["a fraction of a second", { ...enforce, maxAgeSeconds: 86_400.5 }, ["maxAgeSeconds"]],
  ["nothing at all", {}, ["mode", "mx", "maxAgeSeconds"]],
];

test.each(bad)("RFC 8461 §3.2: %s is refused at its field and nothing changes", async (name, body, paths) => {
  const id = await addDomain(`${name.replaceAll(/[\W_]+/g, "-")}.example`);
  const put = await api.ask("PUT", `/api/v1/domains/${id}/policy`, { key, body });
  expect(put.status).toBe(422);
  expect(Object(put.json).errors.map(({ path }: { path: string }) => path)).toEqual(paths);
  expect(await versionsOf(id)).toHaveLength(1);
});

test("JSON that is none, and a body that is too large, are refused as such", async () => {
  const id = await addDomain("broken.example");
  const send = (body: string) =>
    fetch(`${api.url}/api/v1/domains/${id}/policy`, {
      method: "PUT",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body,
    });
  const broken = await send("{");
  expect([broken.status, Object(await broken.json()).code]).toEqual([400, "invalid"]);
  const large = await send(`{"mode":"${"x".repeat(100_000)}"}`);
  expect([large.status, Object(await large.json()).code]).toEqual([413, "limit_reached"]);
});

test("many policies set at once become versions one after another, the last one served", async () => {
  const id = await addDomain("race.example");
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      api.ask("PUT", `/api/v1/domains/${id}/policy`, {
        key,
        body: { ...enforce, mode: "testing", mx: [`mx${index}.example.com`] },
      }),
    ),
  );
  expect(answers.map(({ json }) => Object(json).version).sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  const versions = await versionsOf(id);
  expect(versions.map(({ version }) => version)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(versions.filter(({ state }) => state === "publishing")).toHaveLength(1);
  expect(new Set(versions.map(({ policyId }) => policyId)).size).toBe(9);
});

test("rolling back publishes the older version again, under a new id", async () => {
  const id = await addDomain("rolled.example");
  await api.ask("PUT", `/api/v1/domains/${id}/policy`, { key, body: enforce });
  const [, first] = await versionsOf(id);
  const restored = await api.ask("POST", `/api/v1/domains/${id}/policy/versions/1/restore`, { key });
  expect(restored.json).toMatchObject({ version: 3, mode: "testing", body: first?.body });
  expect(Object(restored.json).policyId).not.toBe(first?.policyId);
  expect((await api.ask("POST", `/api/v1/domains/${id}/policy/versions/9/restore`, { key })).status).toBe(
    404,
  );
});

test("RFC 8461 §5: rolling back to an enforcing version is assessed like a new policy", async () => {
  await api.zones.createZone("went-back.example");
  const id = await addDomain("went-back.example");
  const path = `/api/v1/domains/${id}/policy`;
  const mx = ["mx1.went-back.example"];
  await api.ask("PUT", path, { key, body: { ...enforce, mx, ...agreeTo("went-back.example") } });
  await api.ask("PUT", path, { key, body: { ...enforce, mode: "testing", mx: ["*.went-back.example"] } });
  const restore = (body?: object) =>
    api.ask("POST", `${path}/versions/2/restore`, { key, ...(body && { body }) });
  for (const body of [undefined, {}, { acknowledge: ["no-evidence"], confirmDomain: "went-back.example" }]) {
    const refused = await restore(body);
    expect([refused.status, refused.json]).toEqual([409, expect.objectContaining({ code: "unsafe" })]);
  }
  expect((await restore(agreeTo("went-back.example"))).json).toMatchObject({ version: 4, mx });
  const events = await api.ask("GET", `/api/v1/domains/${id}/events`, { key });
  expect(Object(events.json).items[0]).toMatchObject({
    data: { restoredVersion: 2, uncoveredMxHosts: ["mx2.went-back.example"], version: 4 },
  });
});

test("RFC 8461 §8.3: a version's horizon is its last answer plus its max_age", async () => {
  const id = await addDomain("horizon.example");
  const publishedAt = new Date(Date.now() - 60_000);
  await api.db.policyVersion.updateMany({
    where: { accountId, domainId: id },
    data: { state: "live", publishedAt },
  });
  await api.ask("PUT", `/api/v1/domains/${id}/policy`, { key, body: enforce });
  const [newest, oldest] = await versionsOf(id);
  expect(newest?.horizonAt).toBeNull();
  const lastServedMs = Date.parse(oldest?.lastServedAt ?? "");
  expect(Date.parse(oldest?.horizonAt ?? "") - lastServedMs).toBe(604_800_000);
  // A policy server cut off from the database answers with the old version for one more lease.
  expect(lastServedMs).toBeGreaterThan(Date.now());
});

test("RFC 9110 §9.2.2: the same policy again, in any order or letter case, keeps version and id and is not assessed", async () => {
  const id = await addDomain("nightly.example");
  const put = (body: object) => api.ask("PUT", `/api/v1/domains/${id}/policy`, { key, body });
  const policy = { ...enforce, mode: "testing" };
  const first = Object((await put(policy)).json);
  const changesBefore = await api.db.servingChange.count({ where: { key: "nightly.example" } });
  for (const mx of [policy.mx, [...policy.mx].reverse(), policy.mx.map((one) => ` ${one.toUpperCase()}.`)]) {
    const again = await put({ ...policy, mx });
    expect([again.status, Object(again.json).policyId, Object(again.json).version]).toEqual([
      200,
      first.policyId,
      2,
    ]);
  }
  const atOnce = await Promise.all([1, 2, 3].map(() => put({ ...policy, maxAgeSeconds: 86_400 })));
  expect(atOnce.map(({ json }) => Object(json).version)).toEqual([3, 3, 3]);
  expect(await versionsOf(id)).toHaveLength(3);
  expect(await api.db.servingChange.count({ where: { key: "nightly.example" } })).toBe(changesBefore + 1);
  await put({ ...policy, mode: "enforce", ...agreeTo("nightly.example") });
  const unassessed = await put({ ...policy, mode: "enforce" });
  expect([unassessed.status, Object(unassessed.json).version]).toEqual([200, 4]);
  expect(Object((await put(policy)).json).version).toBe(5);
});
