import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

test("RFC 8461 §3.3: a policy that senders cannot fetch is reported with the reason", async () => {
  const { key } = await api.newAccount("Served");
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain: "served.example" } });
  const served = await api.ask("GET", `/api/v1/domains/${Object(added.json).id}/served`, { key });
  expect([served.status, served.json]).toEqual([
    200,
    {
      fetchedAt: expect.any(String),
      body: null,
      problem: expect.stringContaining("mta-sts.served.example"),
      addresses: null,
      version: null,
      isNewest: false,
    },
  ]);
});
