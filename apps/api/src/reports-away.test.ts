import { createContext } from "@waxseal/core";
import { createAccount, createApiKey, OPERATOR } from "@waxseal/core/accounts";
import { evaluateDomains } from "@waxseal/core/watching";
import { openDatabase } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { type PostgresProxy, startTestPostgresProxy } from "@waxseal/db/testing-proxy";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let database: TestDatabase;
let proxy: PostgresProxy;
let api: TestApi;
let key: string;
let accountId: string;
let domainId: string;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"), { isSplit: true });
  proxy = await startTestPostgresProxy(database.reportsDatabaseUrl);
  const source = { db: database.db, now: () => new Date() };
  accountId = (await createAccount(source, { name: "Away" })).id;
  key = (await createApiKey(createContext(source, accountId, OPERATOR), { name: "k", scope: "admin" })).key;
  const { databaseUrl } = database;
  api = await startTestApi(inject("templateDatabaseUrl"), {
    databaseUrl,
    reportsDatabaseUrl: proxy.databaseUrl,
  });
  const added = await ask("POST", "/domains", { domain: "away.example" });
  domainId = String(Object(added.json).id);
  proxy.cutAt("tls_", "before", "andBlock");
  await ask("GET", "/tls-reports");
});
afterAll(async () => {
  await api?.stop();
  await proxy?.stop();
  await database?.drop();
});

function ask(method: string, path: string, body?: object) {
  return api.ask(method, `/api/v1${path}`, { key, ...(body && { body }) });
}

test.each(["/tls-reports", "/tls-reports/summary", "/tls-reports/clusters", "/tls-reports/sources-by-day"])(
  "with only the reports away %s says so in words, with a code of its own",
  async (path) => {
    const { status, json } = await ask("GET", path);
    expect([status, json]).toEqual([
      503,
      expect.objectContaining({
        code: "reports_unavailable",
        detail: expect.stringMatching(/^The reports /),
      }),
    ]);
  },
);

test("with only the reports away domains are added, shown and judged, and policies change", async () => {
  await api.zones.createZone("away.example");
  expect((await ask("GET", "/domains")).status).toBe(200);
  expect((await ask("GET", `/domains/${domainId}`)).status).toBe(200);
  expect((await ask("POST", "/domains", { domain: "more.example" })).status).toBe(201);
  const policy = { mode: "testing", mx: ["mx1.away.example"], maxAgeSeconds: 86_400 };
  expect((await ask("PUT", `/domains/${domainId}/policy`, policy)).status).toBe(200);
  const enforcing = await ask("PUT", `/domains/${domainId}/policy`, { ...policy, mode: "enforce" });
  expect(enforcing.json).toMatchObject({
    code: "unsafe",
    reasons: expect.arrayContaining([
      expect.objectContaining({ text: expect.stringContaining("reports cannot be reached") }),
    ]),
  });
  const db = openDatabase(database.databaseUrl, { poolSize: 2, reportsDatabaseUrl: proxy.databaseUrl });
  await evaluateDomains({ db, now: () => new Date() }, [{ accountId, domainId }]);
  await db.$disconnect();
  const { judgedAt } = await database.db.domain.findFirstOrThrow({ where: { accountId, id: domainId } });
  expect(judgedAt).not.toBeNull();
});

test("when the reports are back they are shown again", async () => {
  proxy.unblock();
  expect((await ask("GET", "/tls-reports")).status).toBe(200);
});
