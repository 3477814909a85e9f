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
import { importReports } from "../processing/import-report.ts";
import { settleReportDays } from "../totals/settle-report-days.ts";
import { exportReports } from "./export-reports.ts";
import { listFailureClusters } from "./list-failure-clusters.ts";
import { listReports } from "./list-reports.ts";
import { listSourceDays } from "./list-source-days.ts";
import { summarizeSessions } from "./summarize-sessions.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
const RANGE = { from: "2026-03-10", to: "2026-03-12" };

/** All failures there are: who said it, when, about which domain, under which policy. */
const FAILURES = [
  {
    by: "Alpha",
    day: "2026-03-10",
    domain: "one.example",
    policy: "sts",
    result: "certificate-expired",
    mx: "mx1.one.example",
    ip: "192.0.2.1",
    failed: 1,
  },
  {
    by: "Alpha",
    day: "2026-03-10",
    domain: "one.example",
    policy: "sts",
    result: "certificate-expired",
    mx: "mx2.one.example",
    ip: "192.0.2.2",
    failed: 2,
  },
  {
    by: "Beta",
    day: "2026-03-12",
    domain: "one.example",
    policy: "sts",
    result: "starttls-not-supported",
    mx: "mx1.one.example",
    ip: "192.0.2.1",
    failed: 4,
  },
  {
    by: "Beta",
    day: "2026-03-12",
    domain: "two.example",
    policy: "tlsa",
    result: "tlsa-invalid",
    mx: "mx1.two.example",
    ip: "2001:db8::1",
    failed: 8,
  },
] as const;
type Failure = (typeof FAILURES)[number];

let database: TestDatabase;
let ctx: Context;
let ids: Record<string, string>;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  ctx = await createTestAccount(database.db, now);
  const domains = await Promise.all(
    ["one.example", "two.example"].map((name) => createTestDomain(ctx, name)),
  );
  ids = Object.fromEntries(domains.map(({ domain, domainId }) => [domain, domainId]));
  const places = Map.groupBy(FAILURES, ({ by, day, domain }) => `${by} ${day} ${domain}`);
  for (const [reportId, failures] of places) {
    const [{ by, day, domain, policy }] = failures as [Failure];
    const json = testReportJson(day, {
      organizationName: by,
      reportId,
      policies: [
        testPolicy(domain, {
          policyType: policy,
          successfulSessions: 100,
          failedSessions: failures.reduce((sum, { failed }) => sum + failed, 0),
          failureDetails: failures.map(({ result, mx, ip, failed }) =>
            testFailure({
              resultType: result,
              receivingMxHost: mx,
              sendingMtaIp: ip,
              failedSessions: failed,
            }),
          ),
        }),
      ],
    });
    await importReports(ctx, [{ fileName: "report.json", bytes: Buffer.from(json) }]);
  }
});
afterAll(() => database.drop());

/** The rows of an export; sessions that went well are in none of them, as they carry no failure. */
async function readExport(view: "daily" | "failures" | "reports", filter: Record<string, string>) {
  let text = "";
  const query = { ...RANGE, ...filter, view, format: "json" as const };
  for await (const chunk of (await exportReports(ctx, query)).chunks) text += chunk;
  const rows: { failedSessions: number; successfulSessions?: number; reportId?: string }[] = JSON.parse(text);
  if (view === "daily") expect(rows.some((row) => row.successfulSessions !== 0)).toBe(false);
  return rows;
}

const CASES: { filter: Record<string, string>; matches: (failure: Failure) => boolean }[] = [
  { filter: { result: "certificate-expired" }, matches: ({ result }) => result === "certificate-expired" },
  { filter: { mx: "mx1.one.example" }, matches: ({ mx }) => mx === "mx1.one.example" },
  { filter: { ip: "192.0.2.2" }, matches: ({ ip }) => ip === "192.0.2.2" },
  { filter: { ip: "2001:db8::1" }, matches: ({ ip }) => ip === "2001:db8::1" },
  { filter: { mx: "mx1.one.example", result: "certificate-expired" }, matches: ({ failed }) => failed === 1 },
  { filter: { policy: "tlsa", result: "tlsa-invalid" }, matches: ({ failed }) => failed === 8 },
  { filter: { policy: "tlsa", mx: "mx1.one.example" }, matches: () => false },
  { filter: { source: "Beta", ip: "192.0.2.1" }, matches: ({ failed }) => failed === 4 },
  { filter: { mx: "nowhere.example" }, matches: () => false },
];

const GROUPS = { day: "day", result: "result", source: "by", mx: "mx", policy: "policy" } as const;

for (const isSettled of [false, true]) {
  test(`every figure counts only the failures asked for, in all groupings, ${isSettled ? "settled" : "not settled"}`, async () => {
    if (isSettled) await settleReportDays(ctx);
    await Promise.all(
      CASES.map(async ({ filter, matches }) => {
        const failures = FAILURES.filter(matches);
        const failed = failures.reduce((sum, failure) => sum + failure.failed, 0);
        for (const [groupBy, property] of Object.entries(GROUPS) as [keyof typeof GROUPS, keyof Failure][]) {
          const { totals, items } = await summarizeSessions(ctx, { ...RANGE, ...filter, groupBy });
          expect([filter, totals]).toMatchObject([
            filter,
            { failedSessions: failed, successfulSessions: 0, successShare: null },
          ]);
          const rows = items
            .filter((row) => row.failedSessions > 0)
            .map((row) => [row.key, row.failedSessions]);
          const wanted = Map.groupBy(failures, (failure) => failure[property]);
          expect([groupBy, filter, new Map(rows as [string, number][])]).toEqual([
            groupBy,
            filter,
            new Map(
              [...wanted].map(([key, own]) => [key, own.reduce((sum, failure) => sum + failure.failed, 0)]),
            ),
          ]);
          expect(items.some((row) => row.key === "successful")).toBe(false);
        }
        const clusters = await listFailureClusters(ctx, { ...RANGE, ...filter });
        expect([filter, clusters.items.reduce((sum, { failedSessions }) => sum + failedSessions, 0)]).toEqual(
          [filter, failed],
        );
        const list = await listReports(ctx, { ...RANGE, ...filter, limit: 50 });
        const reports = new Set(failures.map(({ by, day, domain }) => `${by} ${day} ${domain}`));
        expect([filter, new Set(list.items.map(({ reportId }) => reportId))]).toEqual([filter, reports]);
        for (const view of ["daily", "failures"] as const) {
          const sum = (await readExport(view, filter)).reduce((all, row) => all + row.failedSessions, 0);
          expect([view, filter, sum]).toEqual([view, filter, failed]);
        }
        const ids = (await readExport("reports", filter)).map(({ reportId }) => reportId);
        expect([filter, new Set(ids)]).toEqual([filter, reports]);
      }),
    );
  });
}

test("a policy alone keeps the sessions that went well under it", async () => {
  const { totals, items } = await summarizeSessions(ctx, { ...RANGE, policy: "tlsa", groupBy: "source" });
  expect([totals.successfulSessions, totals.failedSessions]).toEqual([100, 8]);
  expect(items.map(({ key }) => key)).toEqual(["Beta"]);
  let text = "";
  const query = { ...RANGE, policy: "tlsa", view: "daily", format: "csv" } as const;
  for await (const chunk of (await exportReports(ctx, query)).chunks) text += chunk;
  expect(text.trimEnd().split("\r\n").slice(1)).toEqual([
    "2026-03-12,two.example,Beta,unsigned,tlsa,1,100,8,100,8",
  ]);
});

test("sources by day say who reported when; silence is null and not zero", async () => {
  const { items, more } = await listSourceDays(ctx, RANGE);
  expect(more).toBe(0);
  expect(items.map(({ key, reports, days }) => [key, reports, days])).toEqual([
    ["Beta", 2, [null, null, { successfulSessions: 200, failedSessions: 12 }]],
    ["Alpha", 1, [{ successfulSessions: 100, failedSessions: 3 }, null, null]],
  ]);
  const ofTwo = await listSourceDays(ctx, { ...RANGE, domainId: ids["two.example"] });
  expect(ofTwo.items.map(({ key, failedSessions }) => [key, failedSessions])).toEqual([["Beta", 8]]);
  expect((await listSourceDays(ctx, { ...RANGE, trust: "aligned" })).items).toEqual([]);
});
