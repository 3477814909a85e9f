import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Context } from "../context.ts";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
  testReportJson,
} from "./create-test-report.ts";
import { importReports } from "./import-report.ts";
import { listFailureClusters } from "./list-failure-clusters.ts";
import { daysOf, shiftDay } from "./report-range.ts";
import { settleReportDays } from "./settle-report-days.ts";
import { summarizeSessions } from "./summarize-sessions.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
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
  await db.tlsUnsettledDay.createMany({
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
      await ctx.db.tlsDailySessions.deleteMany({ where });
      await ctx.db.tlsDailyFailures.deleteMany({ where });
      const mixed = await answers(ctx);
      await settleReportDays(ctx);
      expect(await ctx.db.tlsUnsettledDay.count({ where: { accountId: ctx.accountId } })).toBe(0);
      expect(await answers(ctx)).toEqual(mixed);
      await markEveryDay(ctx);
      expect(await answers(ctx)).toEqual(mixed);
    }),
    { numRuns: 6 },
  );
}, 60_000);
