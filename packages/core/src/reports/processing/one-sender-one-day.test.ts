import { gunzipSync, gzipSync } from "node:zlib";
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
import { exportReports } from "../answers/export-reports.ts";
import { getReport } from "../answers/get-report.ts";
import { getReportRaw } from "../answers/get-report-raw.ts";
import { listFailureClusters } from "../answers/list-failure-clusters.ts";
import { listReports } from "../answers/list-reports.ts";
import { summarizeSessions } from "../answers/summarize-sessions.ts";
import { settleReportDays } from "../totals/settle-report-days.ts";
import { importReports } from "./import-report.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
const TUESDAY = "2026-03-10";
const REASON = "STARTTLS is required to send mail, but MX's certificate is expired";
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

/** Two senders report about two domains, three days long; on Tuesday both failed at one of them. */
async function fill(ctx: Context): Promise<void> {
  const files = ["2026-03-09", TUESDAY, "2026-03-11"].flatMap((day) =>
    ["Microsoft Corporation", "Google Inc."].flatMap((organizationName) =>
      ["one.example", "two.example"].map((domain) => {
        const isBad = day === TUESDAY && domain === "one.example";
        const failure =
          organizationName === "Google Inc."
            ? testFailure({ resultType: "starttls-not-supported", failedSessions: 40 })
            : testFailure({ failedSessions: 7, failureReasonCode: REASON, sendingMtaIp: "40.92.0.1" });
        const figures = isBad
          ? { failedSessions: failure.failedSessions, failureDetails: [failure] }
          : { failedSessions: 0 };
        const policies = [testPolicy(domain, { successfulSessions: 100, ...figures })];
        const reportId = `${organizationName} ${day} ${domain}`;
        const json = testReportJson(day, { organizationName, reportId, policies });
        return { fileName: `${reportId}.json.gz`, bytes: gzipSync(json) };
      }),
    ),
  );
  await importReports(ctx, files);
}

test("why did Microsoft fail last Tuesday: from the sender's sums to the failure, who fixes it, the report and its bytes", async () => {
  const ctx = await createTestAccount(database.db, now);
  const [one, two] = [await createTestDomain(ctx, "one.example"), await createTestDomain(ctx, "two.example")];
  await fill(ctx);
  for (const isSettled of [false, true]) {
    if (isSettled) await settleReportDays(ctx);
    for (const domainId of [undefined, one.domainId]) {
      const day = { from: TUESDAY, to: TUESDAY, domainId };
      const question = { ...day, source: "Microsoft Corporation" };
      const bySource = await summarizeSessions(ctx, { ...day, groupBy: "source" });
      const row = bySource.items.find(({ key }) => key === "Microsoft Corporation");
      expect(row).toMatchObject({ failedSessions: 7, byResult: { "certificate-expired": 7 } });
      for (const groupBy of ["day", "result", "source", "mx", "policy"] as const) {
        const { totals, items } = await summarizeSessions(ctx, { ...question, groupBy });
        expect([groupBy, totals.failedSessions, totals.reports]).toEqual([groupBy, 7, domainId ? 1 : 2]);
        expect(items.reduce((sum, { failedSessions }) => sum + failedSessions, 0)).toBe(7);
      }
      const { items: clusters, totalSessions } = await listFailureClusters(ctx, question);
      expect(clusters).toMatchObject([
        {
          resultType: "certificate-expired",
          reporter: "Microsoft Corporation",
          reasonCode: REASON,
          failedSessions: 7,
          share: 7 / totalSessions,
          domains: ["one.example"],
          sendingAddresses: [{ sendingMtaIp: "40.92.0.1", failedSessions: 7 }],
          fixedBy: "mx-operator",
        },
      ]);
      expect(totalSessions).toBe(domainId ? 247 : 447);
      const result = clusters[0]?.resultType;
      const { items: reports } = await listReports(ctx, { ...question, result, limit: 50 });
      expect(reports).toMatchObject([{ domain: "one.example", reportDay: TUESDAY, failedSessions: 7 }]);
      const reportId = reports[0]?.id ?? "";
      const report = await getReport(ctx, { reportId });
      expect(report.policies[0]?.failureDetails).toMatchObject([{ failureReasonCode: REASON }]);
      expect(gunzipSync((await getReportRaw(ctx, { reportId })).bytes).toString()).toContain(REASON);
    }
    const other = { from: TUESDAY, to: TUESDAY, domainId: two.domainId };
    expect((await listFailureClusters(ctx, other)).items).toEqual([]);
    const { items } = await listFailureClusters(ctx, { result: "starttls-not-supported" });
    expect(items.map(({ reporter, failedSessions }) => [reporter, failedSessions])).toEqual([
      ["Google Inc.", 40],
    ]);
  }
});

test("an export narrowed to a sender has its rows and no others", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  await fill(ctx);
  let text = "";
  const query = { view: "daily", format: "json", source: "Google Inc." } as const;
  for await (const chunk of (await exportReports(ctx, query)).chunks) text += chunk;
  const rows: { reporter: string }[] = JSON.parse(text);
  expect(rows.map(({ reporter }) => reporter)).toEqual(Array(3).fill("Google Inc."));
});
