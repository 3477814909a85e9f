import { createContext } from "@waxseal/core";
import { OPERATOR } from "@waxseal/core/accounts";
import { importReports } from "@waxseal/core/reports";
import { testFailure, testPolicy, testReportJson } from "@waxseal/core/reports/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  const account = await api.newAccount("Reports");
  key = account.key;
  await api.ask("POST", "/api/v1/domains", { key, body: { domain: "one.example" } });
  const failureDetails = [testFailure({ sendingMtaIp: "8.8.8.8", failedSessions: 4 })];
  const policies = [testPolicy("one.example", { failedSessions: 4, failureDetails })];
  const json = testReportJson(new Date().toISOString().slice(0, 10), { policies });
  const ctx = createContext({ db: api.db, now: () => new Date() }, account.accountId, OPERATOR);
  await importReports(ctx, [{ fileName: "r.json", bytes: Buffer.from(json) }]);
});
afterAll(() => api.stop());

test("a failing address comes with its network in clusters, summary and report, and the makers of that data are named", async () => {
  const network = { asn: 15_169, owner: expect.stringContaining("Google"), country: "US" };
  const clusters = await api.ask("GET", "/api/v1/tls-reports/clusters", { key });
  expect(clusters.json).toMatchObject({
    items: [{ failedSessions: 4, fixedBy: "mx-operator", sendingAddresses: [{ network }] }],
  });
  const summary = await api.ask("GET", "/api/v1/tls-reports/summary?groupBy=source", { key });
  expect(summary.json).toMatchObject({
    items: [{ sendingAddresses: [{ sendingMtaIp: "8.8.8.8", network }] }],
  });
  const { items } = Object((await api.ask("GET", "/api/v1/tls-reports", { key })).json);
  const report = await api.ask("GET", `/api/v1/tls-reports/${items[0].id}`, { key });
  expect(report.json).toMatchObject({ policies: [{ failureDetails: [{ network }] }] });
  const { dataSources } = Object((await api.ask("GET", "/api/v1/info")).json);
  expect(dataSources).toContainEqual({
    name: "IP Geolocation by DB-IP",
    url: "https://db-ip.com",
    licence: "CC-BY-4.0",
  });
});

test("an export is a file to save, in the format asked for", async () => {
  const csv = await api.ask("GET", "/api/v1/tls-reports/export?view=failures", { key });
  expect([csv.status, csv.headers.get("content-type")]).toEqual([200, expect.stringMatching(/^text\/csv/)]);
  expect(csv.headers.get("content-disposition")).toMatch(/^attachment; filename="tls-failures-[\d-]+\.csv"$/);
  expect(csv.text.split("\r\n")).toHaveLength(3);
  const json = await api.ask("GET", "/api/v1/tls-reports/export?view=daily&format=json", { key });
  expect(json.json).toMatchObject([{ domain: "one.example", failedSessions: 4 }]);
  const refused = await api.ask("GET", "/api/v1/tls-reports/export?view=everything", { key });
  expect([refused.status, Object(refused.json).code]).toEqual([422, "invalid"]);
});

test("one sender's failures of one day are asked for by address: sums, failures alike, reports, export", async () => {
  const today = new Date().toISOString().slice(0, 10);
  const ask = async (path: string, source: string) => {
    const query = new URLSearchParams({ from: today, to: today, source });
    const joint = path.includes("?") ? "&" : "?";
    return Object((await api.ask("GET", `/api/v1/tls-reports${path}${joint}${query}`, { key })).json);
  };
  for (const [source, failed, reports] of [
    ["Example Sender", 4, 1],
    ["Nobody", 0, 0],
  ] as const) {
    expect((await ask("/summary", source)).totals).toMatchObject({ failedSessions: failed, reports });
    expect((await ask("/clusters?result=certificate-expired", source)).items).toHaveLength(reports);
    expect((await ask("/clusters?result=sts-policy-invalid", source)).items).toEqual([]);
    expect((await ask("", source)).items).toHaveLength(reports);
    expect(await ask("/export?format=json", source)).toHaveLength(reports);
  }
});
