import { gunzipSync, gzipSync } from "node:zlib";
import { SummaryView } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { WireTlsReport } from "@waxseal/tls-rpt";
import fc from "fast-check";
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
import { settleReportDays } from "../totals/settle-report-days.ts";
import { exportReports } from "./export-reports.ts";
import { getReport } from "./get-report.ts";
import { getReportRaw } from "./get-report-raw.ts";
import { listFailureClusters } from "./list-failure-clusters.ts";
import { listReports } from "./list-reports.ts";
import { summarizeSessions } from "./summarize-sessions.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
const DAYS = ["2026-03-10", "2026-03-11", "2026-03-13"];
type View = z.infer<typeof SummaryView>;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const failure = fc.record({
  resultType: fc.constantFrom("certificate-expired", "starttls-not-supported", "made-up"),
  sendingMtaIp: fc.constantFrom("192.0.2.1", "2001:db8::1", null),
  receivingMxHost: fc.constantFrom("mx1.example.com", "mx2.example.com", null),
  failedSessions: fc.option(fc.nat(5), { freq: 6 }),
});
const policy = fc.record({
  // The last one belongs to another account.
  policyDomain: fc.constantFrom("one.example", "two.example", "theirs.example"),
  policyType: fc.constantFrom("sts", "tlsa", "no-policy-found", "own-word"),
  successfulSessions: fc.option(fc.nat(50), { freq: 6 }),
  failedSessions: fc.option(fc.nat(9), { freq: 6 }),
  failures: fc.array(failure, { maxLength: 4 }),
});
const report = fc.record({
  day: fc.constantFrom(...DAYS),
  organizationName: fc.constantFrom("Alpha", "Beta"),
  reportId: fc.constantFrom("1", "2", "3", "4", "5", "6", "7", "8"),
  policies: fc.array(policy, { minLength: 1, maxLength: 4 }),
});

/** The figures once more, from the bytes as they arrived and without any of the code under test. */
type Sums = {
  successful: number;
  failed: number;
  byResult: Record<string, number>;
  byMx: Record<string, number>;
};

function recompute(json: string, domain: string): Sums {
  const policies: WirePolicy[] = JSON.parse(json).policies ?? [];
  const ours = new Map(
    policies
      .filter(({ policy }) => policy["policy-domain"] === domain)
      .map((policy) => [JSON.stringify(policy), policy]),
  );
  const types = new Map<string, Listed>();
  for (const policy of ours.values()) {
    const type = policy.policy["policy-type"];
    types.set(
      type,
      addPolicy(types.get(type) ?? { successful: 0, failed: 0, noReason: 0, byKey: {} }, policy),
    );
  }
  const listed = [...types].filter(([type]) => type !== "sts" && type !== "tlsa").map(([, sums]) => sums);
  const [sts, tlsa] = [types.get("sts"), types.get("tlsa")];
  listed.push(sts && tlsa ? largerOf(sts, tlsa) : (sts ?? tlsa ?? NOTHING));
  const sums: Sums = { successful: 0, failed: 0, byResult: {}, byMx: {} };
  for (const each of listed) {
    sums.successful += each.successful;
    sums.failed += each.failed;
    for (const [key, count] of [
      ...Object.entries(each.byKey),
      ['["unspecified","",""]', each.noReason] as const,
    ]) {
      const [result, , mx] = JSON.parse(key);
      if (count > 0) sums.byResult[result] = (sums.byResult[result] ?? 0) + count;
      if (count > 0) sums.byMx[mx] = (sums.byMx[mx] ?? 0) + count;
    }
  }
  return sums;
}

type WirePolicy = WireTlsReport["policies"][number];
type Listed = { successful: number; failed: number; noReason: number; byKey: Record<string, number> };
const NOTHING: Listed = { successful: 0, failed: 0, noReason: 0, byKey: {} };

function addPolicy(sums: Listed, { summary, "failure-details": details = [] }: WirePolicy): Listed {
  const counts = details.map((detail) => detail["failed-session-count"]);
  const failed = Math.max(
    summary?.["total-failure-session-count"] ?? 0,
    ...counts.map((count) => count ?? 1),
  );
  const byKey = { ...sums.byKey };
  const add = (key: string[], count: number) => {
    byKey[JSON.stringify(key)] = (byKey[JSON.stringify(key)] ?? 0) + count;
  };
  const keyOf = (detail: (typeof details)[number]) => [
    detail["result-type"],
    detail["sending-mta-ip"] ?? "",
    detail["receiving-mx-hostname"] ?? "",
  ];
  for (const [index, detail] of details.entries()) add(keyOf(detail), counts[index] ?? 0);
  const rest = failed - counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const uncounted = details.filter((_, index) =>
    counts.some(Boolean) || counts.includes(undefined) ? counts[index] === undefined : true,
  );
  if (rest > 0 && uncounted.length > 0) {
    const keys = uncounted.map(keyOf);
    add(
      [0, 1, 2].map((place) => {
        const values = new Set(keys.map((key) => key[place]));
        return values.size === 1 ? String(keys[0]?.[place]) : place === 0 ? "several-reasons" : "";
      }),
      rest,
    );
  }
  return {
    successful: sums.successful + (summary?.["total-successful-session-count"] ?? 0),
    failed: sums.failed + failed,
    noReason: sums.noReason + (uncounted.length > 0 ? 0 : Math.max(0, rest)),
    byKey,
  };
}

function largerOf(a: Listed, b: Listed): Listed {
  const byKey = { ...a.byKey };
  for (const [key, count] of Object.entries(b.byKey)) byKey[key] = Math.max(byKey[key] ?? 0, count);
  const failed = Math.max(a.failed, b.failed);
  const explained = Math.max(a.failed - a.noReason, b.failed - b.noReason);
  return { successful: Math.max(a.successful, b.successful), failed, noReason: failed - explained, byKey };
}

function addUp(all: readonly Sums[]): Sums {
  const total: Sums = { successful: 0, failed: 0, byResult: {}, byMx: {} };
  for (const sums of all) {
    total.successful += sums.successful;
    total.failed += sums.failed;
    for (const name of ["byResult", "byMx"] as const) {
      for (const [key, count] of Object.entries(sums[name]))
        total[name][key] = (total[name][key] ?? 0) + count;
    }
  }
  return total;
}

const failedByKey = (view: View) =>
  Object.fromEntries(
    view.items.filter(({ key }) => key !== "successful").map((row) => [row.key, row.failedSessions]),
  );

const sumCounted = (view: View | undefined) => [
  view?.items.reduce((sum, row) => sum + (row.counted?.successfulSessions ?? 0), 0),
  view?.items.reduce((sum, row) => sum + (row.counted?.failedSessions ?? 0), 0),
];

test("every summary, the clusters, the exports, the list and each report agree with a recomputation from the raw bytes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(report, { minLength: 15, maxLength: 25 }), fc.nat(15), async (reports, cut) => {
      const ctx = await createTestAccount(database.db, now);
      const theirs = await createTestAccount(database.db, now);
      await createTestDomain(theirs, "theirs.example");
      const domains = [
        await createTestDomain(ctx, "one.example"),
        await createTestDomain(ctx, "two.example"),
      ];
      const files = reports.map(({ day, policies, ...rest }, index) => ({
        fileName: `${index}.json.gz`,
        bytes: gzipSync(
          testReportJson(day, {
            ...rest,
            policies: policies.map(({ failures, ...figures }) =>
              testPolicy(null, { ...figures, failureDetails: failures.map(testFailure) }),
            ),
          }),
        ),
      }));
      await importReports(ctx, files.slice(0, cut));
      await importReports(ctx, files.slice(cut));
      for (const domainId of [undefined, ...domains.map((domain) => domain.domainId)]) {
        await compare(ctx, domainId);
      }
      await settleReportDays(ctx);
      expect(await ctx.reports.tlsUnsettledDay.count({ where: { accountId: ctx.accountId } })).toBe(0);
      await compare(ctx, undefined);
      expect(await database.reports.tlsDailySessions.count({ where: { accountId: theirs.accountId } })).toBe(
        0,
      );
    }),
    { numRuns: 8 },
  );
}, 60_000);

/** Failed sessions of rows added up by a column; rows that count nothing are left out. */
/** What clusters say by some key, all of them together. */
function addParts(parts: readonly Record<string, number>[]): Record<string, number> {
  const rows = parts.flatMap((part) => Object.entries(part));
  return failedBy(
    rows.map(([key, failedSessions]) => ({ key, failedSessions })),
    "key",
  );
}

function failedBy(rows: readonly Record<string, unknown>[], column: string): Record<string, number> {
  const counted = rows.filter((row) => row.failedSessions !== 0);
  const byKey = Map.groupBy(counted, (row) => String(row[column]));
  return Object.fromEntries(
    [...byKey].map(([key, same]) => [key, same.reduce((sum, row) => sum + Number(row.failedSessions), 0)]),
  );
}

async function readExport(
  ctx: Context,
  view: "daily" | "failures" | "reports",
  domainId: string | undefined,
) {
  const { chunks } = await exportReports(ctx, { view, format: "json", domainId });
  let text = "";
  for await (const chunk of chunks) text += chunk;
  const rows: Record<string, unknown>[] = JSON.parse(text);
  return rows;
}

async function compare(ctx: Context, domainId: string | undefined): Promise<void> {
  const { items: reports } = await listReports(ctx, { limit: 200, domainId });
  const sums = new Map<string, Sums>();
  for (const each of reports) {
    const { bytes } = await getReportRaw(ctx, { reportId: each.id });
    const own = recompute((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString(), each.domain);
    sums.set(each.id, own);
    expect([each.successfulSessions, each.failedSessions]).toEqual([own.successful, own.failed]);
    const { policies } = await getReport(ctx, { reportId: each.id });
    const hasFailure = policies.some(({ failedSessions }) => (failedSessions ?? 0) > 0);
    expect(hasFailure).toBe(own.failed > 0);
  }
  const total = addUp([...sums.values()]);
  const views: Partial<Record<View["groupBy"], View>> = {};
  for (const groupBy of ["day", "result", "source", "mx", "policy"] as const) {
    const view = SummaryView.parse(await summarizeSessions(ctx, { groupBy, domainId }));
    views[groupBy] = view;
    expect(view.totals).toMatchObject({
      reports: reports.length,
      successfulSessions: total.successful,
      failedSessions: total.failed,
      gapDays: 30 - new Set(reports.map(({ reportDay }) => reportDay)).size,
    });
  }
  const { items: clusters, totalSessions } = await listFailureClusters(ctx, { domainId });
  expect(totalSessions).toBe(total.successful + total.failed);
  expect(addParts(clusters.map(({ byResult }) => byResult))).toEqual(total.byResult);
  expect(addParts(clusters.map(({ byMxHost }) => byMxHost))).toEqual(total.byMx);
  const failures = await readExport(ctx, "failures", domainId);
  expect(failedBy(failures, "resultType")).toEqual(total.byResult);
  expect(failedBy(failures, "mxHost")).toEqual(total.byMx);
  for (const view of ["daily", "reports"] as const) {
    const exported = await readExport(ctx, view, domainId);
    const add = (column: string) => exported.reduce((sum, row) => sum + Number(row[column]), 0);
    expect([add("successfulSessions"), add("failedSessions")]).toEqual([total.successful, total.failed]);
  }
  expect(sumCounted(views.policy)).toEqual([total.successful, total.failed]);
  if (views.result) expect(failedByKey(views.result)).toEqual(total.byResult);
  if (views.mx) expect(failedByKey(views.mx)).toEqual(total.byMx);
  for (const [groupBy, field] of [
    ["day", "reportDay"],
    ["source", "reporter"],
  ] as const) {
    for (const row of views[groupBy]?.items ?? []) {
      const own = addUp(
        reports
          .filter((each) => each[field] === row.key)
          .map(({ id }) => sums.get(id) ?? recompute("{}", "")),
      );
      expect([row.key, row.successfulSessions, row.failedSessions]).toEqual([
        row.key,
        own.successful,
        own.failed,
      ]);
      expect(row.byResult).toEqual(own.byResult);
    }
  }
}

test("a day without a report is a gap and not zero; a day with a report of nothing is no gap", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  const bytes = Buffer.from(
    testReportJson("2026-03-11", { policies: [testPolicy("one.example", { successfulSessions: 0 })] }),
  );
  await importReports(ctx, [{ fileName: "1.json", bytes }]);
  const view = await summarizeSessions(ctx, { groupBy: "day", from: "2026-03-10", to: "2026-03-12" });
  expect(view.items.map(({ key, hasReports }) => [key, hasReports])).toEqual([
    ["2026-03-10", false],
    ["2026-03-11", true],
    ["2026-03-12", false],
  ]);
  expect(view.totals).toMatchObject({ gapDays: 2, successShare: null });
});

test("each result comes with its meaning, who has to act and what to do", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  const failureDetails = [testFailure({ resultType: "certificate-expired", failedSessions: 4 })];
  const policies = [testPolicy("one.example", { failedSessions: 6, failureDetails })];
  await importReports(ctx, [
    { fileName: "1", bytes: Buffer.from(testReportJson("2026-03-11", { policies })) },
  ]);
  const { items } = await summarizeSessions(ctx, { groupBy: "result" });
  expect(items.map(({ key, explanation }) => [key, explanation?.usualOwner])).toEqual([
    ["successful", undefined],
    ["certificate-expired", "mx-operator"],
    ["unspecified", "sender"],
  ]);
});

test("RFC 8460 §4.4: a result is explained by the reason code that most of its failures give", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  const failure = (failedSessions: number, failureReasonCode: string | null) =>
    testFailure({ resultType: "validation-failure", failedSessions, failureReasonCode });
  const explained = async (day: string, failures: ReturnType<typeof failure>[]) => {
    const policies = [testPolicy("one.example", { failedSessions: 5, failureDetails: failures })];
    const json = testReportJson(day, { reportId: day, policies });
    await importReports(ctx, [{ fileName: "1", bytes: Buffer.from(json) }]);
    const { items } = await summarizeSessions(ctx, { groupBy: "result", from: day, to: day });
    return items.find(({ key }) => key === "validation-failure")?.explanation;
  };
  expect(await explained("2026-03-10", [failure(4, "MX_HOSTS_MISMATCH"), failure(1, null)])).toMatchObject({
    usualOwner: "domain-owner",
    meaning: expect.stringContaining("does not list them"),
  });
  expect(await explained("2026-03-11", [failure(2, "MX_HOSTS_MISMATCH"), failure(3, null)])).toMatchObject({
    usualOwner: "mx-operator",
  });
});

test("another account's domain answers exactly like a missing one", async () => {
  const [mine, theirs] = [
    await createTestAccount(database.db, now),
    await createTestAccount(database.db, now),
  ];
  const { domainId } = await createTestDomain(theirs, "theirs.example");
  const missing = "00000000-0000-7000-8000-000000000000";
  for (const ask of [
    (id: string) => summarizeSessions(mine, { groupBy: "day", domainId: id }),
    (id: string) => listReports(mine, { limit: 10, domainId: id }),
    (id: string) => getReport(mine, { reportId: id }),
    (id: string) => getReportRaw(mine, { reportId: id }),
  ]) {
    const errors = await Promise.all([domainId, missing].map((id) => ask(id).catch((error) => error)));
    expect(errors[0]).toMatchObject({ code: "not_found" });
    expect(errors[0].message).toBe(errors[1].message);
  }
});

test.each([
  ["2026-03-12", "2026-03-11"],
  ["2020-01-01", "2026-03-11"],
])("a range from %s to %s is refused as invalid", async (from, to) => {
  const ctx = await createTestAccount(database.db, now);
  await expect(summarizeSessions(ctx, { groupBy: "day", from, to })).rejects.toMatchObject({
    code: "invalid",
  });
});
