import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { countReport } from "./count-report.ts";
import { parseTlsReport } from "./parse-tls-report.ts";
import type { FailureDetail, PolicyResult, TlsReport } from "./tls-report.ts";

function report(...policies: Partial<PolicyResult>[]): TlsReport {
  return {
    organizationName: "Reporter",
    contactInfo: null,
    reportId: "1",
    startAt: new Date("2026-03-26T00:00:00Z"),
    endAt: new Date("2026-03-27T00:00:00Z"),
    reportDay: "2026-03-26",
    policies: policies.map((policy) => ({ ...EMPTY, ...policy })),
  };
}

const EMPTY: PolicyResult = {
  policyType: "sts",
  policyDomain: "customer.example",
  policyStrings: [],
  mxHostPatterns: [],
  successfulSessions: 0,
  failedSessions: 0,
  failureDetails: [],
};

function failure(failedSessions: number, changes: Partial<FailureDetail> = {}): FailureDetail {
  return {
    resultType: "certificate-expired",
    knownResultType: true,
    sendingMtaIp: "192.0.2.1",
    receivingMxHost: "mx.customer.example",
    receivingMxHelo: null,
    receivingIp: null,
    failedSessions,
    additionalInfo: null,
    failureReasonCode: null,
    ...changes,
  };
}

const sts = (successfulSessions: number, failedSessions = 0, ...failureDetails: FailureDetail[]) => ({
  policyType: "sts",
  successfulSessions,
  failedSessions,
  failureDetails,
});
const tlsa = (...counts: Parameters<typeof sts>) => ({ ...sts(...counts), policyType: "tlsa" });

test("RFC 8460 §4: sessions that Microsoft lists under sts and tlsa are counted once", () => {
  const result = parseTlsReport(
    readFileSync(new URL("../fixtures/microsoft-sts-and-tlsa.json", import.meta.url)),
  );
  if (!result.ok) throw new Error(result.problem);
  expect(countReport(result.report)).toEqual([
    {
      policyDomain: "customer.example",
      successfulSessions: 10,
      failedSessions: 0,
      byPolicy: [
        { policyType: "sts", successfulSessions: 10, failedSessions: 0, failures: [] },
        { policyType: "tlsa", successfulSessions: 10, failedSessions: 0, failures: [] },
      ],
      failures: [],
    },
  ]);
});

test.each([
  ["the policy with most sessions counts", [sts(7), tlsa(5)], 7, 0],
  ["in whatever order", [tlsa(5), sts(7)], 7, 0],
  ["of two with equally many, the one with more failures", [sts(10), tlsa(8, 2)], 8, 2],
  ["failures under a smaller policy are not hidden", [sts(100), tlsa(7, 2)], 98, 2],
  ["all failed under one policy", [sts(3), tlsa(0, 3)], 0, 3],
  ["two policies of the same type", [sts(5, 1), sts(4, 3)], 4, 3],
  ["no sessions", [sts(0), tlsa(0)], 0, 0],
])(
  "RFC 8460 §4: maximum over policies, never the sum: %s",
  (_, policies, successfulSessions, failedSessions) => {
    expect(countReport(report(...policies))).toMatchObject([{ successfulSessions, failedSessions }]);
  },
);

test("RFC 8460 §4: domains are counted apart, also when one is unknown", () => {
  const counts = countReport(
    report(
      { ...sts(1), policyDomain: "b.example" },
      { ...sts(2), policyDomain: null },
      { ...sts(3), policyDomain: "b.example" },
    ),
  );
  expect(counts.map((each) => [each.policyDomain, each.successfulSessions])).toEqual([
    ["b.example", 3],
    [null, 2],
  ]);
});

test("RFC 8460 §4: a failure listed under two policies is counted once, under the one that has more of it", () => {
  const [counts] = countReport(report(sts(0, 3, failure(3)), tlsa(0, 5, failure(5))));
  expect(counts?.failures).toEqual([
    {
      resultType: "certificate-expired",
      sendingMtaIp: "192.0.2.1",
      receivingMxHost: "mx.customer.example",
      failureReasonCode: null,
      policyType: "tlsa",
      failedSessions: 5,
    },
  ]);
  const [tied] = countReport(report(sts(0, 3, failure(3)), tlsa(0, 3, failure(3))));
  expect(tied?.failures).toMatchObject([{ policyType: "sts", failedSessions: 3 }]);
});

test("RFC 8460 §4: each policy type has its own failures, and those of the report are among them", () => {
  const other = failure(1, { resultType: "tlsa-invalid" });
  const [counts] = countReport(
    report(sts(0, 3, failure(3)), tlsa(0, 5, failure(5), other), sts(0, 4, failure(4))),
  );
  expect(counts?.byPolicy).toMatchObject([
    { policyType: "sts", failures: [{ policyType: "sts", failedSessions: 4 }] },
    { policyType: "tlsa", failures: [{ failedSessions: 5 }, { resultType: "tlsa-invalid" }] },
  ]);
  expect(counts?.failures[0]).toBe(counts?.byPolicy[1]?.failures[0]);
  expect(counts?.failures[1]).toBe(counts?.byPolicy[1]?.failures[1]);
});

test("RFC 8460 §4: details of one policy that differ only in the receiving address are added up", () => {
  const [counts] = countReport(report(sts(0, 5, failure(2, { receivingIp: "192.0.2.7" }), failure(3))));
  expect(counts?.failures).toMatchObject([{ failedSessions: 5 }]);
});

test("RFC 8460 §4: details that differ in result, sender, MX host or reason stay apart; those without sessions are left out", () => {
  const details = [
    failure(1),
    failure(2, { resultType: "validation-failure" }),
    failure(3, { sendingMtaIp: null }),
    failure(4, { receivingMxHost: null }),
    failure(5, { failureReasonCode: "expired" }),
    failure(0, { failureReasonCode: "none" }),
  ];
  const [counts] = countReport(report(sts(0, 15, ...details)));
  expect(counts?.failures.map((each) => each.failedSessions)).toEqual([1, 2, 3, 4, 5]);
});

test("counts are clamped, never rounded", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const [counts] = countReport(report(sts(most, 5, failure(most), failure(5))));
  expect(counts).toMatchObject({
    successfulSessions: most - 5,
    failedSessions: 5,
    failures: [{ failedSessions: most }],
  });
});

const anyPolicy = fc
  .record({
    policyDomain: fc.constantFrom("a.example", "b.example", null),
    policyType: fc.constantFrom("sts", "tlsa", "no-policy-found"),
    successfulSessions: fc.nat({ max: 20 }),
    failedSessions: fc.nat({ max: 20 }),
    failureDetails: fc.array(
      fc
        .tuple(fc.nat({ max: 9 }), fc.constantFrom("certificate-expired", "validation-failure"))
        .map(([failedSessions, resultType]) => failure(failedSessions, { resultType })),
      { maxLength: 4 },
    ),
  })
  .map((policy): Partial<PolicyResult> => policy);
const anyTlsReport = fc.array(anyPolicy, { maxLength: 6 }).map((policies) => report(...policies));

test("a report's figures can be derived from each other", () => {
  fc.assert(
    fc.property(anyTlsReport, (any) => {
      for (const counts of countReport(any)) {
        const all = counts.byPolicy.map((policy) => policy.successfulSessions + policy.failedSessions);
        expect(counts.successfulSessions + counts.failedSessions).toBe(Math.max(...all));
        expect(counts.failedSessions).toBe(
          Math.max(...counts.byPolicy.map((policy) => policy.failedSessions)),
        );
        expect(counts.successfulSessions).toBeGreaterThanOrEqual(0);
        const ofTypes = new Set(counts.byPolicy.flatMap(({ failures }) => failures));
        expect(counts.failures.every((each) => ofTypes.has(each))).toBe(true);
        const policies = any.policies.filter((policy) => policy.policyDomain === counts.policyDomain);
        const resultTypes = policies.flatMap((policy) =>
          policy.failureDetails.filter((detail) => detail.failedSessions > 0),
        );
        expect(new Set(counts.failures.map((each) => each.resultType))).toEqual(
          new Set(resultTypes.map((each) => each.resultType)),
        );
      }
      expect(new Set(countReport(any).map((counts) => counts.policyDomain))).toEqual(
        new Set(any.policies.map((policy) => policy.policyDomain)),
      );
    }),
  );
});
