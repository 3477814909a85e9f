import { reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount } from "../../testing/create-test-report.ts";
import type { Context } from "../context.ts";
import { exportMonthlyReport, formatMonthlyCsv } from "./export-monthly-report.ts";
import { getMonthlyReport, readMonth } from "./get-monthly-report.ts";

const now = () => new Date("2026-03-10T12:00:00Z");
let database: TestDatabase;
let ctx: Context;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  ctx = await createTestAccount(database.db, now);
});
afterAll(() => database.drop());

test.each([
  [undefined, "2026-02", "2026-02-01", "2026-02-28", true],
  ["2024-02", "2024-02", "2024-02-01", "2024-02-29", true],
  ["2025-12", "2025-12", "2025-12-01", "2025-12-31", true],
  ["2026-03", "2026-03", "2026-03-01", "2026-03-09", false],
])("the month %s on 10 March 2026 is %s, %s to %s, complete: %s", (named, month, from, to, isComplete) => {
  expect(readMonth(named, now())).toEqual({ month, range: { from, to }, isComplete });
});

test("a month of which no day is over is refused", () => {
  expect(() => readMonth("2026-04", now())).toThrow("There is no report of this month yet.");
  expect(() => readMonth("2026-03", new Date("2026-03-01T00:00:00Z"))).toThrow();
});

test("a customer's report carries the provider's brand, its share of each month, and days without a report as unknown", async () => {
  const { db } = database;
  await db.organization.create({ data: { id: "provider", name: "Hosting Co", slug: "provider" } });
  await db.organization.update({ where: { id: ctx.accountId }, data: { parentId: "provider" } });
  await db.accountBrand.create({
    data: {
      accountId: "provider",
      name: "Hosting & Co",
      logo: Uint8Array.of(1, 2),
      logoType: "image/png",
      changedAt: now(),
    },
  });
  const add = (day: string, successful: number, failed: number) =>
    reportsOf(db).tlsTotalSessions.createMany({
      data: ["Google Inc.", "Google Inc.\x1funsigned"].map((reporter) => ({
        ...{ accountId: ctx.accountId, reportDay: new Date(day), policyType: "sts", reporter, reports: 1 },
        ...{ successfulSessions: successful, failedSessions: failed },
        ...{ countedSuccessful: successful, countedFailed: failed },
      })),
    });
  await add("2026-02-03", 95, 5);
  await add("2026-01-20", 10, 10);

  const report = await getMonthlyReport(ctx, {});
  expect(report).toMatchObject({
    ...{
      month: "2026-02",
      isComplete: true,
      brand: { name: "Hosting & Co", logo: "data:image/png;base64,AQI=" },
    },
    totals: { sessions: 100, failedSessions: 5, successShare: 0.95, gapDays: 27 },
    before: { month: "2026-01", sessions: 20, successShare: 0.5 },
    evidence: { reports: 1, unprovenReports: 1 },
    customers: [],
  });
  expect(report.days.filter(({ hasReports }) => hasReports).map(({ day }) => day)).toEqual(["2026-02-03"]);
  expect(report.senders).toMatchObject([{ name: "Google Inc.", sessions: 100 }]);

  const failed = Array.from({ length: 31 }, (_, day) => (day === 2 ? 5n : 0n));
  const cluster = { resultType: "certificate-expired", mxHost: "mx1.example.com", reasonCode: "", failed };
  await reportsOf(db).tlsMonthClusters.create({
    data: {
      ...{ accountId: ctx.accountId, month: new Date("2026-02-01"), cluster: 1n, ...cluster },
      ...{ reporter: "Google Inc.", domainId: "00000000-0000-7000-8000-000000000001" },
    },
  });
  await reportsOf(db).$executeRaw`
    insert into tls_total_clusters (account_id, report_day, cluster, counted_failed, addresses, addresses_failed)
    values (${ctx.accountId}, '2026-02-03', 1, 5, '{}', '{}')`;
  const provider = await getMonthlyReport({ ...ctx, accountId: "provider" }, { month: "2026-02" });
  expect(provider.about).toEqual({ kind: "provider", name: "Hosting Co" });
  expect(provider.customers.map(({ sessions }) => sessions).sort()).toEqual([0, 100]);
  // Its own domains had none of these; each customer's are listed apart, with who has to fix them.
  expect(provider.failures).toEqual([]);
  expect(provider.customerFailures).toMatchObject([
    { failedSessions: 5, mxHost: "mx1.example.com", fixedBy: "mx-operator" },
  ]);
  expect((await getMonthlyReport(ctx, { month: "2026-02" })).customerFailures).toEqual([]);
  expect(formatMonthlyCsv(provider)).toContain("The operator of the mail server");
  await expect(
    getMonthlyReport({ ...ctx, accountId: "provider" }, { domainId: "nothing" }),
  ).rejects.toThrow();
});

test("the file has the same figures, a row each, and text that a spreadsheet would run is disarmed", async () => {
  const report = await getMonthlyReport(ctx, {});
  const rows = formatMonthlyCsv({ ...report, changes: ["=1+1"] }).split("\r\n");
  expect(rows[0]).toBe("part,item,sessions,failed_sessions,success_share,words");
  expect(rows).toContain("day,2026-02-03,100,5,0.95,");
  expect(rows).toContain("day,2026-02-04,,,,no report");
  expect(rows).toContain("change,,,,,'=1+1");
  const file = await exportMonthlyReport(ctx, { format: "json" });
  expect(file.fileName).toMatch(/^report-[\w.-]+-2026-02\.json$/);
  let text = "";
  for await (const chunk of file.chunks) text += chunk;
  expect(JSON.parse(text)).toMatchObject({ month: "2026-02", totals: report.totals });
});
