import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
  testReportJson,
} from "../../../testing/create-test-report.ts";
import type { Context } from "../../context.ts";
import { summarizeSessions } from "../answers/summarize-sessions.ts";
import { settleReportDays } from "../totals/settle-report-days.ts";
import { importReports } from "./import-report.ts";
import { countRecountDays, recountReports, startRecount } from "./recount-reports.ts";

const now = () => new Date("2026-03-20T06:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const DAYS = ["2026-03-10", "2026-03-11", "2026-03-12"];

async function fill(): Promise<Context> {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  const failureDetails = [testFailure({ failedSessions: 3 })];
  const figures = { successfulSessions: 10, failedSessions: 3, failureDetails };
  const policies = [
    testPolicy("one.example", figures),
    testPolicy("one.example", { ...figures, successfulSessions: 20 }),
  ];
  const files = DAYS.map((day) => ({
    fileName: `${day}.json`,
    bytes: Buffer.from(testReportJson(day, { policies })),
  }));
  files.push({
    fileName: "tokyo.json",
    bytes: Buffer.from(
      testReportJson("2026-03-13", {
        startAt: new Date("2026-03-12T15:00:00Z"),
        endAt: new Date("2026-03-13T15:00:00Z"),
        policies: [testPolicy("one.example", { successfulSessions: 7 })],
      }),
    ),
  });
  await importReports(ctx, files);
  return ctx;
}

async function show(ctx: Context) {
  const { totals, items } = await summarizeSessions(ctx, { groupBy: "day", from: DAYS[0], to: "2026-03-13" });
  return [totals.reports, ...items.map((row) => [row.successfulSessions, row.failedSessions])];
}

/** Figures as the rule of before would have left them: the largest policy alone, on the day of the start. */
async function makeOld(ctx: Context): Promise<void> {
  const where = { accountId: ctx.accountId };
  await ctx.reports
    .$executeRaw`update tls_report set report_day = '2026-03-12' where account_id = ${ctx.accountId} and report_day = '2026-03-13'`;
  await ctx.reports.tlsReport.updateMany({ where, data: { successfulSessions: 20n, failedSessions: 3n } });
  await ctx.reports.tlsDailySessions.updateMany({
    where,
    data: { countedSuccessful: 20n, countedFailed: 3n },
  });
  await ctx.reports.tlsDailySessions.deleteMany({ where: { ...where, reportDay: new Date("2026-03-13") } });
  await ctx.reports.tlsDailyFailures.deleteMany({ where });
  await settleReportDays(ctx);
  await ctx.db.reportRecount.create({
    data: { accountId: ctx.accountId, nextDay: new Date("2026-03-10"), lastDay: new Date("2026-03-12") },
  });
}

const RIGHT = [4, [30, 6], [30, 6], [30, 6], [7, 0]];

test("figures counted by an older rule are recomputed from the reports kept, a day at a time, and then no more", async () => {
  const ctx = await fill();
  expect(await show(ctx)).toEqual(RIGHT);
  await makeOld(ctx);
  expect(await show(ctx)).not.toEqual(RIGHT);
  expect(await countRecountDays(database.db)).toBe(3);
  expect(await recountReports({ db: database.db, now })).toEqual({ days: 3, busy: 0, daysLeft: 0 });
  expect(await show(ctx)).toEqual(RIGHT);
  await settleReportDays(ctx);
  expect(await show(ctx)).toEqual(RIGHT);
  expect(await recountReports({ db: database.db, now })).toEqual({ days: 0, busy: 0, daysLeft: 0 });
  await startRecount(ctx);
  expect(await countRecountDays(database.db, ctx.accountId)).toBe(4);
  while ((await recountReports({ db: database.db, now })).daysLeft > 0);
  expect(await show(ctx)).toEqual(RIGHT);
  const byResult = await summarizeSessions(ctx, { groupBy: "result", from: DAYS[0], to: "2026-03-13" });
  expect(byResult.items).toMatchObject([
    { key: "successful" },
    { key: "certificate-expired", failedSessions: 18 },
  ]);
});

test("a recount that is killed goes on at the day it was at, and reports that arrive meanwhile count once", async () => {
  const ctx = await fill();
  await makeOld(ctx);
  expect(await recountReports({ db: database.db, now }, { maxDays: 1 })).toEqual({
    days: 1,
    busy: 0,
    daysLeft: 2,
  });
  const late = testReportJson("2026-03-12", {
    reportId: "late",
    policies: [testPolicy("one.example", { successfulSessions: 1 })],
  });
  await Promise.all([
    recountReports({ db: database.db, now }),
    importReports(ctx, [{ fileName: "late.json", bytes: Buffer.from(late) }]),
  ]);
  while ((await recountReports({ db: database.db, now })).daysLeft > 0);
  expect(await show(ctx)).toEqual([5, [30, 6], [30, 6], [31, 6], [7, 0]]);
});

/** A report whose two elements look alike as they were stored before, and what its message says about them. */
async function fillAlike(kinds: readonly ("host" | "copy")[]): Promise<Context> {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  const hosts = {
    host: ["mx1.one.example", "mx2.one.example"],
    copy: ["mx1.one.example", "mx1.one.example"],
  };
  for (const [index, kind] of kinds.entries()) {
    const policies = hosts[kind].map((host) =>
      testPolicy(host, { policyType: "tlsa", policyStrings: ["3 1 1 aa"] }),
    );
    const json = testReportJson(DAYS[index] ?? "", { reportId: `r${index}_one.example`, policies });
    await importReports(ctx, [{ fileName: "a.json", bytes: Buffer.from(json) }]);
  }
  const [report] = await ctx.reports.tlsReport.findMany({ where: { accountId: ctx.accountId } });
  const [policy] = (report?.policies ?? []) as object[];
  const bare = { ...policy, policyDomain: "one.example" };
  await ctx.reports.tlsReport.updateMany({
    where: { accountId: ctx.accountId },
    data: { policies: [bare, bare] },
  });
  return ctx;
}

test("RFC 8460 §4.4: of alike elements stored before, the message says whether they are one listed twice or two hosts", async () => {
  const ctx = await fillAlike(["host", "copy", "copy"]);
  const removed = { accountId: ctx.accountId, reportDay: new Date(DAYS[2] ?? "") };
  const [last] = await ctx.reports.tlsReport.findMany({ where: removed });
  await ctx.reports.reportMessage.deleteMany({
    where: { accountId: ctx.accountId, id: last?.messageId ?? "" },
  });
  await startRecount(ctx);
  while ((await recountReports({ db: database.db, now })).daysLeft > 0);
  const { items } = await summarizeSessions(ctx, { groupBy: "day", from: DAYS[0], to: DAYS[2] });
  expect(items.map((row) => row.successfulSessions)).toEqual([20, 10, 20]);
  const reports = await ctx.reports.tlsReport.findMany({
    where: { accountId: ctx.accountId },
    orderBy: { reportDay: "asc" },
  });
  expect(reports.map(({ policies, quirks }) => [(policies as object[]).length, quirks])).toEqual([
    [2, []],
    [1, ["policy-listed-twice"]],
    [2, ["policy-listed-twice"]],
  ]);
});
