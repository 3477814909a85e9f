import type { ReportExportQuery } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { z } from "zod";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
  testReportJson,
} from "../../../testing/create-test-report.ts";
import type { Context } from "../../context.ts";
import { importReports } from "../processing/import-report.ts";
import { exportReports } from "./export-reports.ts";
import { summarizeSessions } from "./summarize-sessions.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

async function readAll(ctx: Context, query: z.infer<typeof ReportExportQuery>): Promise<string> {
  let text = "";
  for await (const chunk of (await exportReports(ctx, query)).chunks) text += chunk;
  return text;
}

/** More than one page of rows: 3 reports, each with 2 policies and 400 failures. */
async function fill(ctx: Context): Promise<void> {
  for (const domain of ["one.example", "two.example"]) await createTestDomain(ctx, domain);
  const failureDetails = Array.from({ length: 400 }, (_, n) =>
    testFailure({
      sendingMtaIp: `192.0.2.${n % 250}`,
      failureReasonCode: `=reason ${n}`,
      failedSessions: (n % 3) + 1,
    }),
  );
  const failedSessions = failureDetails.reduce((sum, each) => sum + (each.failedSessions ?? 0), 5);
  const files = ["2026-03-10", "2026-03-11", "2026-03-13"].map((day, n) => {
    const domain = n === 2 ? "two.example" : "one.example";
    const figures = { successfulSessions: 1_000 + n, failedSessions, failureDetails };
    const policies = [testPolicy(domain, figures), testPolicy(domain, { ...figures, policyType: "tlsa" })];
    return {
      fileName: "r.json",
      bytes: Buffer.from(testReportJson(day, { organizationName: "+Sender", policies })),
    };
  });
  await importReports(ctx, files);
}

function add(rows: readonly Record<string, unknown>[], column: string): number {
  return rows.reduce((sum, row) => sum + Number(row[column]), 0);
}

/** The rows of a CSV without line ends in cells. */
function parseCsv(text: string): Record<string, unknown>[] {
  const [header = "", ...lines] = text.trimEnd().split("\r\n");
  const names = header.split(",");
  return lines.map((line) =>
    Object.fromEntries(line.split(",").map((cell, column) => [names[column], cell])),
  );
}

test("exports of any size, in either format, add up to the summary, every row once", async () => {
  const ctx = await createTestAccount(database.db, now);
  await fill(ctx);
  const { totals } = await summarizeSessions(ctx, { groupBy: "day" });
  for (const [view, rowCount] of [
    ["daily", 6],
    ["failures", 2_406],
    ["reports", 3],
  ] as const) {
    const json: Record<string, unknown>[] = JSON.parse(await readAll(ctx, { view, format: "json" }));
    const csv = parseCsv(await readAll(ctx, { view, format: "csv" }));
    for (const rows of [json, csv]) {
      expect([view, rows.length]).toEqual([view, rowCount]);
      expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(rowCount);
      expect(add(rows, "failedSessions")).toBe(totals.failedSessions);
      if (view !== "failures") expect(add(rows, "successfulSessions")).toBe(totals.successfulSessions);
      if (view === "daily") expect(add(rows, "reports")).toBe(totals.reports);
    }
  }
}, 30_000);

test("what a reporter calls itself is no formula in a spreadsheet, and is unchanged in JSON", async () => {
  const ctx = await createTestAccount(database.db, now);
  await fill(ctx);
  const csv = await readAll(ctx, { view: "failures", format: "csv" });
  expect(csv).toContain(",'+Sender,");
  expect(csv).not.toMatch(/(^|,)"?[=+@-]/m);
  expect(JSON.parse(await readAll(ctx, { view: "daily", format: "json" }))[0]).toMatchObject({
    reporter: "+Sender",
  });
});

test("an export is narrowed to the range and the domain, and is empty without a report", async () => {
  const ctx = await createTestAccount(database.db, now);
  expect(JSON.parse(await readAll(ctx, { view: "daily", format: "json" }))).toEqual([]);
  expect((await readAll(ctx, { view: "daily", format: "csv" })).split("\r\n")).toHaveLength(2);
  await fill(ctx);
  const { id: domainId } = await ctx.db.domain.findFirstOrThrow({
    where: { accountId: ctx.accountId, domain: "one.example" },
  });
  const query = { view: "reports", format: "json", from: "2026-03-11", to: "2026-03-13", domainId } as const;
  expect(JSON.parse(await readAll(ctx, query))).toMatchObject([{ day: "2026-03-11", domain: "one.example" }]);
});

test("another account's domain answers exactly like a missing one before anything is sent", async () => {
  const [mine, theirs] = [
    await createTestAccount(database.db, now),
    await createTestAccount(database.db, now),
  ];
  const { domainId } = await createTestDomain(theirs, "theirs.example");
  const ask = (id: string) =>
    exportReports(mine, { view: "daily", format: "csv", domainId: id }).catch((error) => error);
  const [other, missing] = await Promise.all([domainId, "00000000-0000-7000-8000-000000000000"].map(ask));
  expect(other).toMatchObject({ code: "not_found" });
  expect(other.message).toBe(missing.message);
});
