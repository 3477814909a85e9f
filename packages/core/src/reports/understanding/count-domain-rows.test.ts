import { NO_REASON, type PolicyResult, SEVERAL_REASONS } from "@waxseal/tls-rpt";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testFailure, testPolicy } from "../../../testing/create-test-report.ts";
import { countDomainRows } from "./count-domain-rows.ts";
import type { FailureRow } from "./understood-report.ts";

const MOST = 1_000_000_000_000;
const sumOf = <Row>(rows: readonly Row[], pick: (row: Row) => number) =>
  rows.reduce((sum, row) => sum + pick(row), 0);
const keyOf = ({ policyType, resultType, sendingMtaIp, mxHost, reasonCode }: FailureRow) =>
  [policyType, resultType, sendingMtaIp, mxHost, reasonCode].join("\n");

const count = fc.oneof(fc.nat(1_000), fc.constant(null), fc.constantFrom(MOST, MOST + 1, 2 ** 53 - 1));
const detail = fc
  .record({
    resultType: fc.constantFrom("certificate-expired", "starttls-not-supported", "x".repeat(200)),
    sendingMtaIp: fc.constantFrom("192.0.2.1", "192.0.2.2", null),
    receivingMxHost: fc.constantFrom("mx1.example.com", "mx2.example.com", null),
    failureReasonCode: fc.constantFrom("expired", null, "é".repeat(300)),
    failedSessions: count,
  })
  .map(testFailure);
const policy = fc
  .record({
    policyType: fc.constantFrom("sts", "tlsa", "no-policy-found", "something-new", "y".repeat(80)),
    policyDomain: fc.constantFrom("example.com", "mx1.example.com", null),
    successfulSessions: count,
    failedSessions: count,
    failureDetails: fc.array(detail, { maxLength: 5 }),
  })
  .map(({ policyDomain, ...rest }): PolicyResult => testPolicy(policyDomain, rest));

test("RFC 8460 §4.4: what counts of the rows adds up to the domain's figures, whatever a report says", () => {
  fc.assert(
    fc.property(fc.array(policy, { maxLength: 6 }), (policies) => {
      const { sessionRows, failureRows, successfulSessions, failedSessions } = countDomainRows(policies);
      expect(sumOf(sessionRows, (row) => row.countedSuccessful)).toBe(successfulSessions);
      expect(sumOf(sessionRows, (row) => row.countedFailed)).toBe(failedSessions);
      expect(sumOf(failureRows, (row) => row.countedFailed)).toBeGreaterThanOrEqual(failedSessions);
      expect(sumOf(sessionRows, (row) => row.reports)).toBe(1);
    }),
  );
});

test("no two rows of a report have one key, which the daily tables would refuse", () => {
  fc.assert(
    fc.property(fc.array(policy, { maxLength: 6 }), (policies) => {
      const { sessionRows, failureRows } = countDomainRows(policies);
      expect(new Set(failureRows.map(keyOf)).size).toBe(failureRows.length);
      expect(new Set(sessionRows.map(({ policyType }) => policyType)).size).toBe(sessionRows.length);
    }),
  );
});

test("every text of a row fits into an index key, cut without splitting a character", () => {
  const long = "é".repeat(500);
  const failure = testFailure({
    resultType: long,
    sendingMtaIp: long,
    receivingMxHost: long,
    failureReasonCode: long,
    failedSessions: 3,
  });
  const { failureRows } = countDomainRows([
    testPolicy("example.com", { policyType: long, failedSessions: 3, failureDetails: [failure] }),
  ]);
  const [row] = failureRows;
  const bytes = (text = "") => [Buffer.byteLength(text), /^é+$/.test(text)];
  expect(bytes(row?.policyType)).toEqual([50, true]);
  expect(bytes(row?.resultType)).toEqual([100, true]);
  expect(bytes(row?.sendingMtaIp)).toEqual([64, true]);
  expect(bytes(row?.mxHost)).toEqual([254, true]);
  expect(bytes(row?.reasonCode)).toEqual([400, true]);
});

test("texts that differ only in what is cut off are one row with both counts", () => {
  const failures = ["a", "b"].map((end) =>
    testFailure({ failureReasonCode: "x".repeat(400) + end, failedSessions: 2 }),
  );
  const { failureRows } = countDomainRows([
    testPolicy("example.com", { failedSessions: 4, failureDetails: failures }),
  ]);
  expect(failureRows).toMatchObject([{ reasonCode: "x".repeat(400), failedSessions: 4, countedFailed: 4 }]);
});

test.each([
  ["as many as allowed", MOST, MOST],
  ["one more", MOST + 1, MOST],
  ["the largest number", Number.MAX_SAFE_INTEGER, MOST],
])("sessions are bounded: %s", (_name, said, counted) => {
  const { successfulSessions, failedSessions, failureRows } = countDomainRows([
    testPolicy("example.com", {
      successfulSessions: said,
      failedSessions: said,
      failureDetails: [testFailure({ failedSessions: said })],
    }),
  ]);
  expect([successfulSessions, failedSessions, failureRows[0]?.failedSessions]).toEqual([
    counted,
    counted,
    counted,
  ]);
});

test("an unknown count stays unknown beside a bounded one: its detail counts one session", () => {
  const { failedSessions } = countDomainRows([
    testPolicy("example.com", {
      successfulSessions: MOST + 1,
      failedSessions: null,
      failureDetails: [testFailure({ failedSessions: null })],
    }),
  ]);
  expect(failedSessions).toBe(1);
});

test("policy types beyond 20 are counted together as other", () => {
  const policies = Array.from({ length: 25 }, (_, n) =>
    testPolicy("example.com", { policyType: `type-${n}`, successfulSessions: 1 }),
  );
  const { sessionRows, successfulSessions } = countDomainRows(policies);
  expect(sessionRows).toHaveLength(21);
  expect(sessionRows.find(({ policyType }) => policyType === "other")?.successfulSessions).toBe(5);
  expect(successfulSessions).toBe(25);
});

test("a report counts once: at the policy type with most sessions, the first of equals", () => {
  const reportsOf = (...sessions: number[]) =>
    countDomainRows(
      sessions.map((n, index) =>
        testPolicy("example.com", {
          policyType: ["no-policy-found", "sts"][index] ?? "x",
          successfulSessions: n,
        }),
      ),
    ).sessionRows.map(({ reports }) => reports);
  expect(reportsOf(1, 2)).toEqual([0, 1]);
  expect(reportsOf(2, 1)).toEqual([1, 0]);
  expect(reportsOf(2, 2)).toEqual([1, 0]);
});

test("a report without policies counts as one report without sessions", () => {
  expect(countDomainRows([])).toEqual({
    successfulSessions: 0,
    failedSessions: 0,
    sessionRows: [
      {
        policyType: "unknown",
        reports: 1,
        successfulSessions: 0,
        failedSessions: 0,
        countedSuccessful: 0,
        countedFailed: 0,
      },
    ],
    failureRows: [],
  });
});

/** A report with failures of `n` result types, the first with the most sessions. */
function failuresOf(n: number, typeOf: (index: number) => string): PolicyResult {
  const failureDetails = Array.from({ length: n }, (_, index) =>
    testFailure({
      resultType: typeOf(index),
      failureReasonCode: `reason ${index}`,
      failedSessions: 10_000 - index,
    }),
  );
  return testPolicy("example.com", { failedSessions: 10_000, failureDetails });
}

test("as many failures as a report may have are kept as they are", () => {
  const { failureRows } = countDomainRows([failuresOf(2_000, () => "certificate-expired")]);
  expect(failureRows).toHaveLength(2_000);
  expect(failureRows.every(({ reasonCode }) => reasonCode !== "")).toBe(true);
});

test("failures beyond 2,000 are added up by result type, those with fewest sessions first, and none is lost", () => {
  const { failureRows } = countDomainRows([failuresOf(2_003, () => "certificate-expired")]);
  expect(failureRows).toHaveLength(2_001);
  expect(failureRows.at(-1)).toEqual({
    policyType: "sts",
    resultType: "certificate-expired",
    sendingMtaIp: "",
    mxHost: "",
    reasonCode: "",
    failedSessions: 8_000 + 7_999 + 7_998,
    countedFailed: 8_000 + 7_999 + 7_998,
  });
});

test("a flood of result types is bounded too: what is beyond has several reasons", () => {
  const { failureRows } = countDomainRows([failuresOf(4_500, (index) => `type ${index}`)]);
  expect(failureRows).toHaveLength(4_001);
  expect(failureRows.at(-1)?.resultType).toBe(SEVERAL_REASONS);
  expect(sumOf(failureRows, (row) => row.failedSessions)).toBe(
    sumOf(Array.from({ length: 4_500 }), () => 10_000) - (4_500 * 4_499) / 2,
  );
});

test("a policy for an MX host and one for the domain are about the one domain: the larger sum counts", () => {
  const { failedSessions, failureRows } = countDomainRows([
    testPolicy("example.com", { policyType: "sts", successfulSessions: 5, failedSessions: 3 }),
    testPolicy("mx1.example.com", { policyType: "tlsa", successfulSessions: 5, failedSessions: 4 }),
  ]);
  expect(failedSessions).toBe(4);
  expect(failureRows.every(({ resultType }) => resultType === NO_REASON)).toBe(true);
});
