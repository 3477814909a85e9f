import { recordPolicyFetches } from "@waxseal/core/serving";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api?.stop());

test("the owner sees who fetched which version when, for a range of days that makes sense", async () => {
  const { key, accountId } = await api.newAccount("Fetched");
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain: "fetched.example" } });
  const domainId = String(Object(added.json).id);
  const claim = { domain: "fetched.example", accountId, domainId, claimedAt: new Date() };
  await api.db.domainClaim.create({ data: claim });
  const hour = new Date("2026-05-01T10:00:00Z");
  await recordPolicyFetches(api.db, [
    {
      domain: "fetched.example",
      version: 1,
      hour,
      status: 200,
      network: "192.0.2.0/24",
      fetches: 5,
    },
  ]);
  const list = (query: string) => api.ask("GET", `/api/v1/domains/${domainId}/fetches${query}`, { key });
  expect((await list("?from=2026-05-01&to=2026-05-02")).json).toEqual({
    from: "2026-05-01",
    to: "2026-05-02",
    totals: { served: 5, refused: 0, networks: 1, handshakeFailures: 0 },
    items: [{ day: "2026-05-01", version: 1, served: 5, refused: 0 }],
    timeline: [
      { at: "2026-05-01T00:00:00.000Z", refused: 0, versions: [{ version: 1, served: 5 }] },
      { at: "2026-05-02T00:00:00.000Z", refused: 0, versions: [] },
    ],
    versions: [{ version: 1, served: 5, share: 1, networks: 1, lastHour: hour.toISOString() }],
    networks: [
      { network: "192.0.2.0/24", owner: null, fetches: 5, newestVersion: 1, lastHour: hour.toISOString() },
    ],
    handshakeFailures: [],
    coverage: null,
    senders: [],
    nextCursor: null,
  });
  expect((await list("?from=2026-05-02&to=2026-05-02")).json).toMatchObject({ items: [], networks: [] });
  expect((await list("")).status).toBe(200);
  for (const query of ["?from=2026-05-02&to=2026-05-01", "?from=yesterday", "?hours=0", "?hours=721"]) {
    expect([query, (await list(query)).status]).toEqual([query, 422]);
  }
});
