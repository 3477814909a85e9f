import { randomUUID } from "node:crypto";
import { inSqlTransaction, type ReportTrust, reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { sourceKey } from "../trust/report-source.ts";
import type { UnderstoodReport } from "../understanding/understood-report.ts";
import { addDailyRows, type DailyReport } from "./add-daily-rows.ts";
import { negate } from "./exchange-reports.ts";
import { removeEmptyDailyRows } from "./remove-empty-daily-rows.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  await database.reports.$queryRaw`select ensure_report_partitions(date '2026-03-01')::text`;
});
afterAll(() => database.drop());

const DOMAINS = [randomUUID(), randomUUID()];
const session = fc.record({
  policyType: fc.constantFrom("sts", "tlsa", "no-policy-found"),
  reports: fc.constant(1),
  successfulSessions: fc.integer({ min: 1, max: 9 }),
  failedSessions: fc.nat(9),
  countedSuccessful: fc.nat(9),
  countedFailed: fc.nat(9),
});
const failure = fc.record({
  policyType: fc.constantFrom("sts", "tlsa"),
  resultType: fc.constantFrom("certificate-expired", "validation-failure"),
  sendingMtaIp: fc.constantFrom("", "192.0.2.1"),
  mxHost: fc.constantFrom("", "mx1.example.com"),
  reasonCode: fc.constantFrom("", "a\\b\t\"c'"),
  failedSessions: fc.integer({ min: 1, max: 9 }),
  countedFailed: fc.nat(9),
});
const failureKey = ({
  policyType,
  resultType,
  sendingMtaIp,
  mxHost,
  reasonCode,
}: typeof failure extends fc.Arbitrary<infer V> ? V : never) =>
  [policyType, resultType, sendingMtaIp, mxHost, reasonCode].join("\n");
const report = fc.record({
  reportDay: fc.constantFrom("2026-03-10", "2026-03-11"),
  domainId: fc.constantFrom(...DOMAINS),
  reporter: fc.constantFrom("Alpha", 'Beta, Inc. {"x"}', "Ünïcode"),
  trust: fc.constantFrom<ReportTrust>("aligned", "signed", "unsigned"),
  submitter: fc.constantFrom("signer.example", null),
  sessionRows: fc.uniqueArray(session, {
    selector: ({ policyType }) => policyType,
    minLength: 1,
    maxLength: 3,
  }),
  failureRows: fc.uniqueArray(failure, { selector: failureKey, maxLength: 3 }),
});
type Report = typeof report extends fc.Arbitrary<infer V> ? V : never;

const within = (work: Parameters<typeof inSqlTransaction<void>>[1]) =>
  inSqlTransaction(reportsOf(database.db), work, { timeoutMs: 60_000 });
const add = (reports: readonly DailyReport[]) => within((sql) => addDailyRows(sql, reports));

/** What is in both tables of an account, as sorted lines. */
async function read(accountId: string): Promise<string[]> {
  const rows = await database.reports.$queryRaw<{ line: string }[]>`
    select concat_ws(' | ', report_day, domain_id, reporter, policy_type, reports, successful_sessions, failed_sessions,
      counted_successful, counted_failed) as line
    from tls_daily_sessions where account_id = ${accountId}
    union all
    select concat_ws(' | ', report_day, domain_id, reporter, policy_type, result_type, sending_mta_ip, mx_host, reason_code,
      failed_sessions, counted_failed)
    from tls_daily_failures where account_id = ${accountId}`;
  return rows.map(({ line }) => line).sort();
}

/** The same, added up here. */
function expected(reports: readonly Report[]): string[] {
  const sums = new Map<string, number[]>();
  const note = (key: (string | number)[], figures: number[]) => {
    const known = sums.get(key.join(" | ")) ?? figures.map(() => 0);
    sums.set(
      key.join(" | "),
      known.map((figure, n) => figure + (figures[n] ?? 0)),
    );
  };
  for (const each of reports) {
    const place = [each.reportDay, each.domainId, sourceKey(each)];
    for (const { policyType, ...row } of each.sessionRows)
      note(
        [...place, policyType],
        [row.reports, row.successfulSessions, row.failedSessions, row.countedSuccessful, row.countedFailed],
      );
    for (const row of each.failureRows)
      note(
        [...place, row.policyType, row.resultType, row.sendingMtaIp, row.mxHost, row.reasonCode],
        [row.failedSessions, row.countedFailed],
      );
  }
  return [...sums].map(([key, figures]) => [key, ...figures].join(" | ")).sort();
}

test("the daily tables are the sums of the reports, however they are cut into batches", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(report, { minLength: 1, maxLength: 12 }), fc.nat(12), async (reports, cut) => {
      const accountId = randomUUID();
      const all = reports.map((each) => ({ ...each, accountId }));
      await add(all.slice(0, cut));
      await add(all.slice(cut));
      expect(await read(accountId)).toEqual(expected(reports));
    }),
    { numRuns: 12 },
  );
});

test("a report that is withdrawn leaves no trace, and no other report's figures change", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(report, { minLength: 1, maxLength: 6 }), report, async (others, one) => {
      const accountId = randomUUID();
      const withdrawn = { ...one, accountId, ...negate(one as unknown as UnderstoodReport) };
      await add([...others, one].map((each) => ({ ...each, accountId })));
      await within(async (sql) => {
        await addDailyRows(sql, [withdrawn]);
        await removeEmptyDailyRows(sql, [withdrawn]);
      });
      expect(await read(accountId)).toEqual(expected(others));
    }),
    { numRuns: 6 },
  );
});

test("a row is removed only when it counts nothing at all", async () => {
  const accountId = randomUUID();
  const figures = { successfulSessions: 0, failedSessions: 0, countedSuccessful: 0, countedFailed: 0 };
  const detail = { policyType: "sts", resultType: "x", sendingMtaIp: "", mxHost: "" };
  const one: DailyReport = {
    ...{ accountId, reportDay: "2026-03-10", domainId: DOMAINS[0] ?? "", reporter: "Alpha" },
    ...{ trust: "aligned", submitter: null },
    sessionRows: [
      { policyType: "gone", reports: 0, ...figures },
      { policyType: "reported", reports: 1, ...figures },
      { policyType: "successful", reports: 0, ...figures, successfulSessions: 1 },
      { policyType: "failed", reports: 0, ...figures, failedSessions: 1 },
    ],
    failureRows: [
      { ...detail, reasonCode: "gone", failedSessions: 0, countedFailed: 0 },
      { ...detail, reasonCode: "failed", failedSessions: 1, countedFailed: 0 },
      { ...detail, reasonCode: "counted", failedSessions: 0, countedFailed: 1 },
    ],
  };
  await add([one, { ...one, domainId: DOMAINS[1] ?? "" }]);
  const before = await read(accountId);
  await within((sql) => removeEmptyDailyRows(sql, [one]));
  const removed = before.filter((line) => line.includes(one.domainId) && line.includes("gone"));
  expect(removed).toHaveLength(2);
  expect(await read(accountId)).toEqual(before.filter((line) => !removed.includes(line)));
});

test("no report changes nothing, and one without rows neither", async () => {
  const accountId = randomUUID();
  await add([]);
  await add([
    {
      ...{
        accountId,
        reportDay: "2026-03-10",
        domainId: DOMAINS[0] ?? "",
        reporter: "Alpha",
        trust: "aligned",
      },
      ...{ submitter: null, sessionRows: [], failureRows: [] },
    },
  ]);
  expect(await read(accountId)).toEqual([]);
});

test("processes that write the same places in another order do not wait for each other in a circle", async () => {
  const accountId = randomUUID();
  const domains = Array.from({ length: 300 }, () => randomUUID());
  const reports = domains.flatMap((domainId) =>
    ["Alpha", "Beta"].map((reporter): DailyReport => {
      const figures = {
        reports: 1,
        successfulSessions: 1,
        failedSessions: 1,
        countedSuccessful: 1,
        countedFailed: 1,
      };
      return {
        ...{ accountId, reportDay: "2026-03-10", domainId, reporter, trust: "aligned", submitter: null },
        sessionRows: ["tlsa", "sts"].map((policyType) => ({ policyType, ...figures })),
        failureRows: [
          {
            ...{
              policyType: "sts",
              resultType: "certificate-expired",
              sendingMtaIp: "",
              mxHost: "",
              reasonCode: "",
            },
            ...{ failedSessions: 1, countedFailed: 1 },
          },
        ],
      };
    }),
  );
  await Promise.all(Array.from({ length: 8 }, (_, n) => add(n % 2 === 0 ? reports : reports.toReversed())));
  const lines = await read(accountId);
  expect(lines).toHaveLength(1_800);
  expect(lines.every((line) => line.endsWith("| 8"))).toBe(true);
});
