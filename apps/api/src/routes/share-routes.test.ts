import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
let key: string;
let domainId: string;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  ({ key } = await api.newAccount("Bakers"));
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain: "shared.example" } });
  domainId = String(Object(added.json).id);
});
afterAll(() => api.stop());

const share = (method: string) => api.ask(method, `/api/v1/domains/${domainId}/share`, { key });
const open = (shareToken: string) => api.ask("GET", `/api/v1/shared/${shareToken}`);
const newToken = async () => String(Object((await share("POST")).json).shareToken);

test("a link shows the domain, the account's name and the three CNAMEs without signing in, and nothing else", async () => {
  const shown = await open(await newToken());
  expect(shown.status).toBe(200);
  expect(Object.keys(Object(shown.json)).sort()).toEqual(["accountName", "colors", "dns", "domain", "setup"]);
  expect(shown.json).toMatchObject({
    domain: "shared.example",
    accountName: "Bakers",
    setup: [
      { name: "mta-sts.shared.example", state: "unchecked" },
      { name: "_mta-sts.shared.example" },
      { name: "_smtp._tls.shared.example" },
    ],
  });
});

test("a link that was replaced or withdrawn answers like one that never was", async () => {
  const first = await newToken();
  const second = await newToken();
  const never = await open("n".repeat(24));
  expect([never.status, (await open(second)).status]).toEqual([404, 200]);
  expect((await share("DELETE")).status).toBe(204);
  for (const token of [first, second]) {
    const dead = await open(token);
    expect([dead.status, withoutId(dead.json)]).toEqual([404, withoutId(never.json)]);
  }
});

test("the token is kept as a hash only, and shown once", async () => {
  const token = await newToken();
  const { json, text } = await share("GET");
  expect(json).toEqual({ share: { createdAt: expect.any(String), createdBy: expect.any(String) } });
  const rows = await api.db.$queryRaw`select to_jsonb(s)::text as row from domain_share s`;
  expect(text + JSON.stringify(rows)).not.toContain(token);
  await share("DELETE");
  expect((await share("GET")).json).toEqual({ share: null });
});

function withoutId(problem: unknown): unknown {
  return { ...Object(problem), requestId: null };
}
