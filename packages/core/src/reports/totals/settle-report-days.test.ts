import { reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
  testReportJson,
} from "../../../testing/create-test-report.ts";
import type { Context } from "../../context.ts";
import { daysOf, shiftDay } from "../../day-range.ts";
import { listFailureClusters } from "../answers/list-failure-clusters.ts";
import { summarizeSessions } from "../answers/summarize-sessions.ts";
import { importReports } from "../processing/import-report.ts";
import { expireReports } from "../retention/expire-reports.ts";
import { setRetention } from "../retention/set-retention.ts";
import { settleReportDays } from "./settle-report-days.ts";

const TODAY = "2026-03-15";
let today = TODAY;
const now = () => new Date(`${today}T06:00:00Z`);
const FIRST_DAY = "2026-01-20";
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const report = fc.record({
  day: fc.nat(54).map((days) => shiftDay(FIRST_DAY, days)),
  domain: fc.constantFrom("one.example", "two.example"),
  organizationName: fc.constantFrom("Alpha", "Beta"),
  receivingMxHost: fc.constantFrom("mx1.example.com", null),
  sendingMtaIp: fc.constantFrom("192.0.2.1", "192.0.2.2", null),
  failedSessions: fc.nat(5),
});
type Report = typeof report extends fc.Arbitrary<infer Value> ? Value : never;

async function add(ctx: Context, reports: readonly Report[], name: string): Promise<void> {
  const files = reports.map(({ day, domain, organizationName, failedSessions, ...detail }, n) => {
    const failureDetails = failedSessions > 0 ? [testFailure({ ...detail, failedSessions })] : [];
    const policies = [testPolicy(domain, { successfulSessions: n, failedSessions, failureDetails })];
    const json = testReportJson(day, { organizationName, reportId: `${name} ${n}`, policies });
    return { fileName: "r.json", bytes: Buffer.from(json) };
  });
  await importReports(ctx, files);
}

async function answers(ctx: Context) {
  const groups = ["day", "result", "source", "mx", "policy"] as const;
  return {
    summaries: await Promise.all(groups.map((groupBy) => summarizeSessions(ctx, { groupBy }))),
    clusters: await listFailureClusters(ctx, {}),
  };
}

/** With every day marked, all answers come from the daily tables alone. */
async function markEveryDay({ db, accountId }: Context): Promise<void> {
  const reportDays = daysOf({ from: FIRST_DAY, to: "2026-03-15" });
  await reportsOf(db).tlsUnsettledDay.createMany({
    data: reportDays.map((day) => ({ accountId, reportDay: new Date(day) })),
  });
}

test("reports added and removed at random: totals, totals with late days and the daily tables alone answer alike", async () => {
  const reports = fc.array(report, { minLength: 5, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(reports, reports, fc.nat(54), async (early, late, removed) => {
      const ctx = await createTestAccount(database.db, now);
      for (const domain of ["one.example", "two.example"]) await createTestDomain(ctx, domain);
      await add(ctx, early, "early");
      await settleReportDays(ctx);
      await add(ctx, late, "late");
      const before = new Date(shiftDay(FIRST_DAY, removed));
      const where = { accountId: ctx.accountId, reportDay: { lt: before } };
      await ctx.reports.tlsDailySessions.deleteMany({ where });
      await ctx.reports.tlsDailyFailures.deleteMany({ where });
      const mixed = await answers(ctx);
      await settleReportDays(ctx);
      expect(await ctx.reports.tlsUnsettledDay.count({ where: { accountId: ctx.accountId } })).toBe(0);
      expect(await answers(ctx)).toEqual(mixed);
      await markEveryDay(ctx);
      expect(await answers(ctx)).toEqual(mixed);
    }),
    { numRuns: 6 },
  );
}, 60_000);

const on = (day: string): Report => ({
  day,
  domain: "one.example",
  organizationName: "Alpha",
  receivingMxHost: "mx1.example.com",
  sendingMtaIp: "192.0.2.1",
  failedSessions: 3,
});

async function reportedDays(ctx: Context, range: { from: string; to: string }): Promise<string[]> {
  const { items } = await summarizeSessions(ctx, { ...range, groupBy: "day" });
  return items.filter(({ hasReports }) => hasReports).map(({ key }) => key);
}

test("a report weeks late counts on its own day at once, and one run settles that day among years of marks", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  await add(ctx, [on("2026-03-14")], "in time");
  await settleReportDays(ctx);
  await add(ctx, [on("2026-02-20")], "late");
  const range = { from: "2026-02-14", to: "2026-03-15" };
  const marks = () => ctx.reports.tlsUnsettledDay.count({ where: { accountId: ctx.accountId } });
  expect([await marks(), await reportedDays(ctx, range)]).toEqual([2, ["2026-02-20", "2026-03-14"]]);
  const other = await createTestAccount(database.db, now);
  const reportDays = daysOf({ from: "2024-01-01", to: "2026-03-01" });
  await other.reports.tlsUnsettledDay.createMany({
    data: ["a", "b", "c"].flatMap(() =>
      reportDays.map((day) => ({ accountId: other.accountId, reportDay: new Date(day) })),
    ),
  });
  await settleReportDays(ctx);
  expect([await marks(), await reportedDays(ctx, range)]).toEqual([0, ["2026-02-20", "2026-03-14"]]);
});

test("days that are kept no longer, and months dropped as a whole, leave no totals behind", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  today = "2024-12-11";
  await add(ctx, [on("2024-12-10")], "oldest");
  today = TODAY;
  await add(ctx, ["2026-02-10", "2026-02-20"].map(on), "old");
  await settleReportDays(ctx);
  // As its owner does it: the rows of this account are then not held as an unusually large deletion.
  await setRetention(ctx, { rawDays: 30, dailyDays: 30 });
  const { droppedPartitions } = await expireReports({ db: database.db, now });
  expect(droppedPartitions).toContain("tls_daily_failures_202412");
  const ranges = [
    { from: "2024-12-01", to: "2024-12-31" },
    { from: "2026-02-01", to: "2026-02-28" },
  ];
  const answers = () =>
    Promise.all(
      ranges.map(async (range) => ({
        days: await reportedDays(ctx, range),
        clusters: (await listFailureClusters(ctx, range)).items.map((item) => item.failedSessions),
        failed: (await summarizeSessions(ctx, { ...range, groupBy: "mx" })).items.map(
          (item) => item.failedSessions,
        ),
      })),
    );
  const expected = [
    { days: [], clusters: [], failed: [] },
    { days: ["2026-02-20"], clusters: [3], failed: [3] },
  ];
  expect(await answers()).toEqual(expected);
  await settleReportDays(ctx);
  expect(await answers()).toEqual(expected);
  const ofAccount = { where: { accountId: ctx.accountId } };
  const day = { reportDay: new Date("2026-02-20") };
  expect(await ctx.reports.tlsTotalSessions.findMany(ofAccount)).toMatchObject([day]);
  expect(await ctx.reports.tlsTotalFailures.findMany(ofAccount)).toMatchObject([day]);
  expect(await ctx.reports.tlsTotalClusters.findMany(ofAccount)).toMatchObject([day]);
  const failed = Array.from({ length: 31 }, (_, index) => (index === 19 ? 3n : 0n));
  expect(await ctx.reports.tlsMonthClusters.findMany(ofAccount)).toMatchObject([{ failed }]);
  expect(await ctx.reports.tlsMonthAddresses.findMany(ofAccount)).toMatchObject([{ failed }]);
});

test("every day of a long month has its own figure", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  const month = daysOf({ from: "2026-01-01", to: "2026-01-31" });
  const failures = (day: string) => Number(day.slice(8)) + 1;
  await add(
    ctx,
    month.map((day) => ({ ...on(day), failedSessions: failures(day) })),
    "daily",
  );
  await settleReportDays(ctx);
  for (const day of month) {
    const range = { from: day, to: day };
    const { items } = await listFailureClusters(ctx, range);
    const [source] = (await summarizeSessions(ctx, { ...range, groupBy: "source" })).items;
    expect([day, items[0]?.failedSessions, source?.sendingAddresses[0]?.failedSessions]).toEqual([
      day,
      failures(day),
      failures(day),
    ]);
  }
});

test("runs at once leave every day settled, and the totals right", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  await add(ctx, daysOf({ from: "2026-02-10", to: "2026-03-14" }).map(on), "all");
  const expected = await answers(ctx);
  await Promise.all([settleReportDays(ctx), settleReportDays(ctx), settleReportDays(ctx)]);
  expect(await ctx.reports.tlsUnsettledDay.count({ where: { accountId: ctx.accountId } })).toBe(0);
  expect(await answers(ctx)).toEqual(expected);
});

test("thousands of days of accounts that are gone or closing keep no other day waiting", async () => {
  const closing = await createTestAccount(database.db, now);
  await closing.db.organization.update({ where: { id: closing.accountId }, data: { closingAt: now() } });
  await database.reports.$executeRaw`
    insert into tls_unsettled_day (account_id, report_day)
    select id, day from unnest(${[closing.accountId, "gone"]}::text[]) as id, generate_series(date '2019-01-01', '2024-12-31', '1 day') as day`;
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  await add(ctx, [on("2026-03-14")], "open");
  expect(await settleReportDays(ctx)).toEqual({ days: 1, busy: 0 });
});
