import type { DomainView } from "@waxseal/contract";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { z } from "zod";
import { type Answer, startTestApi, type TestApi } from "../../testing/start-test-api.ts";

type Domain = z.infer<typeof DomainView>;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

async function newKey(): Promise<string> {
  return (await api.newAccount("Test")).key;
}

async function add(key: string, domain: string): Promise<Domain> {
  return domainOf(await api.ask("POST", "/api/v1/domains", { key, body: { domain } }), 201);
}

/** The API checks its answers against the contract before it sends them. */
function domainOf(answer: Answer, status = 200): Domain {
  expect([answer.status, answer.text.slice(0, 300)]).toEqual([status, answer.text.slice(0, 300)]);
  return answer.json as Domain;
}

test("adding a domain answers three CNAMEs, a testing policy from its live MX, and who has to act", async () => {
  const key = await newKey();
  await api.zones.createZone("orchard.example");
  const domain = await add(key, " https://Orchard.EXAMPLE./ ");
  expect(domain).toMatchObject({
    domain: "orchard.example",
    status: "pending",
    policy: { mode: "testing", mx: ["mx1.orchard.example", "mx2.orchard.example"], maxAgeSeconds: 604_800 },
    mx: [{ mxHost: "mx1.orchard.example", covered: true }, { covered: true }],
  });
  const token = domain.setup[0]?.target.split(".")[0] ?? "";
  expect(token).toMatch(/^[a-z2-7]{16}$/);
  expect(domain.setup.map(({ name, target }) => [name, target])).toEqual([
    ["mta-sts.orchard.example", `${token}.mta-sts.hosted.example`],
    ["_mta-sts.orchard.example", `${token}._mta-sts.hosted.example`],
    ["_smtp._tls.orchard.example", `${token}._smtp-tls.hosted.example`],
  ]);
  expect(domain.reportAddresses).toEqual([
    `mailto:${token}@reports.hosted.example`,
    `https://upload.hosted.example/v1/tlsrpt/${token}`,
  ]);
  const jobs = await api.db.$queryRaw<{ n: bigint }[]>`
    select count(*) as n from graphile_worker.jobs where key = ${`domain.check:${domain.id}`}`;
  expect(jobs[0]?.n).toBe(1n);
});

test("a domain that cannot be hosted is refused with its reason at the field", async () => {
  const answer = await api.ask("POST", "/api/v1/domains", {
    key: await newKey(),
    body: { domain: "192.0.2.1" },
  });
  expect(answer.status).toBe(422);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(answer.json).toMatchObject({
    code: "invalid",
    errors: [{ path: "domain", problem: expect.stringMatching(/IP address/) }],
  });
  const own = await api.ask("POST", "/api/v1/domains", {
    key: await newKey(),
    body: { domain: "x.hosted.example" },
  });
  expect(own.json).toMatchObject({ status: 422, detail: expect.stringMatching(/this service itself/) });
});

test("the same domain twice is a conflict in one account, and possible in two, with different tokens", async () => {
  const [first, second] = [await newKey(), await newKey()];
  const mine = await add(first, "twice.example");
  const again = await api.ask("POST", "/api/v1/domains", { key: first, body: { domain: "TWICE.example" } });
  expect([again.status, Object(again.json).code]).toEqual([409, "conflict"]);
  const theirs = await add(second, "twice.example");
  expect(theirs.setup[0]?.target).not.toBe(mine.setup[0]?.target);
});

test("adding one domain many times at once makes it once", async () => {
  const key = await newKey();
  const answers = await Promise.all(
    Array.from({ length: 6 }, () =>
      api.ask("POST", "/api/v1/domains", { key, body: { domain: "race.example" } }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
});

test("a check says of each CNAME what was seen", async () => {
  const key = await newKey();
  await api.zones.createZone("seen.example");
  const domain = await add(key, "seen.example");
  const [policyHost, stsRecord] = domain.setup;
  await api.zones.setRecords("seen.example", [
    { name: policyHost?.name ?? "", type: "CNAME", value: policyHost?.target ?? "" },
    { name: stsRecord?.name ?? "", type: "CNAME", value: "elsewhere.example" },
  ]);
  const checked = domainOf(await api.ask("POST", `/api/v1/domains/${domain.id}/check`, { key }));
  expect(checked.setup.map(({ state }) => state)).toEqual(["correct", "wrong", "missing"]);
  expect(checked.setup[1]?.seen).toContain("elsewhere.example");
  expect(checked.readiness[0]).toMatchObject({ step: "dns", state: "done", at: expect.any(String) });
  expect(checked.sentence).toMatch(/certificate/);
});

test("domains of one health are listed by name, a page at a time, by part of the name and by status", async () => {
  const key = await newKey();
  for (const name of ["b_x", "c.example", "a.example", "b.example"].slice(1)) await add(key, name);
  const list = async (query: string) =>
    Object((await api.ask("GET", `/api/v1/domains?${query}`, { key })).json);
  const names = (page: { items: Domain[] }) => page.items.map(({ domain }) => domain);
  const first = await list("limit=2");
  expect([names(first), first.nextCursor]).toEqual([["a.example", "b.example"], expect.any(String)]);
  const second = await list(`limit=2&cursor=${first.nextCursor}`);
  expect([names(second), second.nextCursor]).toEqual([["c.example"], null]);
  expect(names(await list("q=B.ex"))).toEqual(["b.example"]);
  expect(names(await list("q=_"))).toEqual([]);
  expect(names(await list("status=active"))).toEqual([]);
});

test("a domain that was never published leaves at once, and comes back with its old token", async () => {
  const key = await newKey();
  const domain = await add(key, "back.example");
  const left = domainOf(await api.ask("POST", `/api/v1/domains/${domain.id}/leave`, { key }));
  expect(left).toMatchObject({ status: "left", sentence: expect.stringMatching(/can delete/) });
  const policy = { mode: "testing", mx: ["mx.back.example"], maxAgeSeconds: 86_400 };
  const refused = await api.ask("PUT", `/api/v1/domains/${domain.id}/policy`, { key, body: policy });
  expect([refused.status, Object(refused.json).code]).toEqual([409, "conflict"]);
  const back = await add(key, "back.example");
  expect(back).toMatchObject({ id: domain.id, status: "pending", policy: { version: 2 } });
  expect(back.setup.map(({ target }) => target)).toEqual(domain.setup.map(({ target }) => target));
});

test("RFC 8461 §8.3: a published domain leaves by mode none under a new id, and only once", async () => {
  const { key, accountId } = await api.newAccount("Leaving");
  const domain = await add(key, "leaving.example");
  const where = { accountId_id: { accountId, id: domain.id } };
  await api.db.domain.update({
    where,
    data: { status: "active", activeAt: new Date(), publishedVersion: 1 },
  });
  await api.db.policyVersion.updateMany({
    where: { accountId, domainId: domain.id },
    data: { state: "live", publishedAt: new Date() },
  });
  const leaving = domainOf(await api.ask("POST", `/api/v1/domains/${domain.id}/leave`, { key }));
  expect(leaving).toMatchObject({
    status: "leaving",
    policy: { version: 2, mode: "none", mx: domain.policy?.mx, maxAgeSeconds: 86_400, state: "publishing" },
    publishedPolicyId: domain.policy?.policyId,
  });
  expect(leaving.policy?.policyId).not.toBe(domain.policy?.policyId);
  const horizonMs = Date.parse(leaving.cacheHorizonAt ?? "") - Date.now();
  expect(horizonMs / 1_000).toBeGreaterThan(604_800 - 60);
  expect(horizonMs / 1_000).toBeLessThan(604_800 + 60);
  expect(leaving.sentence).toMatch(/keep the CNAMEs until/);
  expect((await api.ask("POST", `/api/v1/domains/${domain.id}/leave`, { key })).status).toBe(409);
});
