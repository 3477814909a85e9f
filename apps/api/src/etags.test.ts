import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  ({ key } = await api.newAccount("ETags"));
});
afterAll(() => api.stop());

const policy = { mode: "testing", mx: ["mx1.example.com", "*.mail.example.net"], maxAgeSeconds: 86_400 };

async function addDomain(domain: string): Promise<{ id: string; path: string }> {
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain } });
  const { id } = Object(added.json);
  return { id, path: `/api/v1/domains/${id}` };
}

const readEtag = async (path: string) => (await api.ask("GET", path, { key })).headers.get("etag") ?? "";
const put = (path: string, changes: object, headers: Record<string, string> = {}) =>
  api.ask("PUT", `${path}/policy`, { key, body: { ...policy, ...changes }, headers });

test("RFC 9110 §13.1.1: a policy changes only while it has an ETag of If-Match; what else there was collides with it", async () => {
  const { id, path } = await addDomain("match.example");
  const first = await readEtag(`${path}/policy`);
  expect(first).toMatch(/^"[\w-]{22}"$/);
  expect((await put(path, {}, { "if-match": first })).status).toBe(200);
  const stale = await put(path, { maxAgeSeconds: 90_000 }, { "if-match": first });
  expect([stale.status, stale.json]).toEqual([
    412,
    expect.objectContaining({
      code: "precondition_failed",
      reason: "etag_mismatch",
      collidesWith: { kind: "domain", id },
    }),
  ]);
  expect(await readEtag(`${path}/policy`)).not.toBe(first);
  expect(await api.db.policyVersion.count({ where: { domainId: id } })).toBe(2);
});

test("RFC 9110 §8.8.3.2, §13.1: weak ETags never match a change, lists and * do, and what is no ETag is refused by name", async () => {
  const { id, path } = await addDomain("forms.example");
  const table: [header: string, value: (etag: string) => string, status: number][] = [
    ["if-match", (etag) => `W/${etag}`, 412],
    ["if-match", () => '"other", "a,b"', 412],
    ["if-match", (etag) => `"a,b" ,W/"x",, ${etag}`, 200],
    ["if-match", () => "*", 200],
    ["if-match", () => "unquoted", 422],
    ["if-match", () => "", 422],
    ["if-match", (etag) => `*, ${etag}`, 422],
    ["if-none-match", () => "*", 412],
    ["if-none-match", (etag) => `W/${etag}`, 412],
    ["if-none-match", () => '"other"', 200],
    ["if-none-match", () => "other", 422],
  ];
  let maxAgeSeconds = 100_000;
  for (const [header, value, status] of table) {
    const sent = value(await readEtag(`${path}/policy`));
    const before = await api.db.policyVersion.count({ where: { domainId: id } });
    const answer = await put(path, { maxAgeSeconds: maxAgeSeconds++ }, { [header]: sent });
    const made = (await api.db.policyVersion.count({ where: { domainId: id } })) - before;
    expect([header, sent, answer.status, made]).toEqual([header, sent, status, status === 200 ? 1 : 0]);
    if (status === 422) expect(Object(answer.json).errors[0].path.toLowerCase()).toBe(header);
  }
});

test("exactly one of ten simultaneous changes with one ETag succeeds", async () => {
  const { id, path } = await addDomain("race.example");
  const etag = await readEtag(`${path}/policy`);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) => put(path, { maxAgeSeconds: 200_000 + n }, { "if-match": etag })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
  expect(await api.db.policyVersion.count({ where: { domainId: id } })).toBe(2);
});

test("RFC 9110 §13.1.2: what a client knows already is not sent again", async () => {
  const { id, path } = await addDomain("known.example");
  for (const address of [path, `${path}/policy`]) {
    const etag = await readEtag(address);
    for (const tag of [etag, `W/${etag}`, "*", `"x", ${etag}`]) {
      const answer = await api.ask("GET", address, { key, headers: { "if-none-match": tag } });
      expect([tag, answer.status, answer.text, answer.headers.get("etag")]).toEqual([tag, 304, "", etag]);
    }
    const head = await api.ask("HEAD", address, { key });
    expect([head.status, head.headers.get("etag")]).toEqual([200, etag]);
    const other = await api.ask("GET", address, { key, headers: { "if-none-match": '"x"' } });
    expect(other.status).toBe(200);
  }
  const etag = await readEtag(path);
  await api.db.domain.updateMany({ where: { id }, data: { checkedAt: new Date() } });
  const seen = await api.ask("GET", path, { key, headers: { "if-none-match": etag } });
  expect(seen.status).toBe(200);
});

test("a domain is deleted only as it was read, and a stranger's answers 404 whatever it names", async () => {
  const { path } = await addDomain("delete.example");
  const etag = await readEtag(path);
  const stranger = await api.newAccount("Stranger");
  const remove = (headers: Record<string, string>, by = key) => api.ask("DELETE", path, { key: by, headers });
  expect((await remove({ "if-match": etag }, stranger.key)).status).toBe(404);
  await put(path, { maxAgeSeconds: 300_000 });
  expect((await remove({ "if-match": etag })).json).toMatchObject({ reason: "etag_mismatch" });
  expect((await remove({ "if-match": await readEtag(path) })).status).toBe(204);
});

test("an address without ETags refuses to change anything for one", async () => {
  const headers = { "if-match": '"x"' };
  const body = { name: "Renamed" };
  const refused = await api.ask("PUT", "/api/v1/account/name", { key, body, headers });
  expect([refused.status, Object(refused.json).reason]).toEqual([412, "no_etag"]);
  expect(
    (await api.ask("PUT", "/api/v1/account/name", { key, body, headers: { "if-match": "*" } })).status,
  ).toBe(204);
});

test("a policy that says the same keeps its version and id, also with final dots, restored, and in bulk", async () => {
  const { id, path } = await addDomain("same.example");
  const { version, policyId } = Object((await put(path, {})).json);
  const dotted = await put(path, { mx: [" *.MAIL.example.net. ", "mx1.example.com."] });
  expect(dotted.json).toMatchObject({ version, policyId });
  const restored = await api.ask("POST", `${path}/policy/versions/${version}/restore`, { key });
  expect(restored.json).toMatchObject({ version, policyId });
  const edit = { mode: "testing", maxAgeSeconds: 86_400 };
  const change = await api.ask("POST", "/api/v1/policy-changes", { key, body: { domainIds: [id], edit } });
  const lines = await api.ask("GET", `/api/v1/policy-changes/${Object(change.json).id}/lines`, { key });
  expect(Object(lines.json).items).toMatchObject([{ state: "unchanged" }]);
  expect(await api.db.policyVersion.count({ where: { domainId: id } })).toBe(2);
});
