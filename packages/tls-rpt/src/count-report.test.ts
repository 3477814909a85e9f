import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { countFailed, countReport } from "./count-report.ts";
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

function failure(failedSessions: number | null, changes: Partial<FailureDetail> = {}): FailureDetail {
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

const sts = (
  successfulSessions: number | null,
  failedSessions: number | null = 0,
  ...failureDetails: FailureDetail[]
) => ({
  policyType: "sts",
  successfulSessions,
  failedSessions,
  failureDetails,
});
const none = (...counts: Parameters<typeof sts>) => ({ ...sts(...counts), policyType: "no-policy-found" });
const tlsa = (...counts: Parameters<typeof sts>) => ({ ...sts(...counts), policyType: "tlsa" });

function parseFixture(name: string): TlsReport {
  const result = parseTlsReport(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url)), {
    policyDomain: "customer.example",
  });
  if (!result.ok) throw new Error(result.problem);
  return result.report;
}

test("RFC 8460 §4: sessions that Microsoft lists under sts and tlsa are counted once", () => {
  const none = { countedSuccessful: 0, countedFailed: 0 };
  expect(countReport(parseFixture("microsoft-sts-and-tlsa"))).toEqual([
    {
      policyDomain: "customer.example",
      successfulSessions: 10,
      failedSessions: 0,
      byPolicy: [
        {
          policyType: "sts",
          successfulSessions: 10,
          failedSessions: 0,
          ...none,
          countedSuccessful: 10,
          failures: [],
        },
        { policyType: "tlsa", successfulSessions: 10, failedSessions: 0, ...none, failures: [] },
      ],
      failures: [],
    },
  ]);
});

test("RFC 8460 §4: a policy that changed at noon is two lists of different sessions", () => {
  expect(countReport(parseFixture("policy-changed-at-noon"))).toMatchObject([
    {
      successfulSessions: 190,
      failedSessions: 7,
      failures: [{ resultType: "certificate-expired", failedSessions: 7, countedSessions: 7 }],
    },
  ]);
});

test("RFC 8460 §1.1: Postfix lists the sessions of each MX host with DANE apart", () => {
  const { policies, ...report } = parseFixture("postfix-dane-host-each");
  const ours = policies.map((policy) => ({ ...policy, policyDomain: "customer.example" }));
  expect(countReport({ ...report, policies: ours })).toMatchObject([
    {
      successfulSessions: 75,
      failedSessions: 3,
      byPolicy: [
        { policyType: "tlsa", successfulSessions: 70, failedSessions: 3 },
        { policyType: "no-policy-found" },
      ],
    },
  ]);
});

const MANY = 1_000;
test.each([
  ["two elements of one type add up", [sts(100, 4), sts(90, 3)], 190, 7],
  ["three policy texts in a day", [sts(5, 1), sts(7), sts(8, 2)], 20, 3],
  ["alike but for nothing that is read here", [sts(5, 1), sts(5, 1)], 10, 2],
  ["no-policy-found adds to sts", [sts(15, 2), none(3)], 18, 2],
  ["no-policy-found adds to tlsa", [tlsa(40, 1), tlsa(30, 2), none(5)], 75, 3],
  ["no-policy-found alone, twice", [none(3, 1), none(4)], 7, 1],
  ["a type that no standard defines adds up too", [sts(3), { ...sts(4, 1), policyType: "dane-only" }], 7, 1],
  ["Microsoft lists the same sessions under sts and tlsa", [sts(100, 2), tlsa(100, 2)], 100, 2],
  ["the larger of sts and tlsa counts, in whatever order", [tlsa(5), sts(7)], 7, 0],
  ["failures under the smaller of the two are not hidden", [sts(100), tlsa(98, 2)], 100, 2],
  [
    "the sums of sts and tlsa are compared, not single elements",
    [sts(10, 1), sts(20, 2), tlsa(15), tlsa(10, 5)],
    30,
    5,
  ],
  ["all three kinds", [sts(10), tlsa(12, 1), none(3, 1)], 15, 2],
  ["all failed", [sts(0, 3), tlsa(0, 3)], 0, 3],
  ["no sessions", [sts(0), tlsa(0)], 0, 0],
  ["no element", [] as Partial<PolicyResult>[], undefined, undefined],
  ["a thousand elements", Array.from({ length: MANY }, () => sts(2, 1)), 2 * MANY, MANY],
])("RFC 8460 §4: what counts of a report: %s", (_, policies, successfulSessions, failedSessions) => {
  const [counts] = countReport(report(...policies));
  expect([counts?.successfulSessions, counts?.failedSessions]).toEqual([successfulSessions, failedSessions]);
});

test.each([
  ["total 0 above details", sts(1, 0, failure(3)), 3],
  ["total missing above details", sts(1, null, failure(7)), 7],
  ["details larger than the total", sts(1, 1, failure(100)), 100],
  ["the largest of several ways in which sessions failed", sts(1, 1, failure(3), failure(4)), 4],
  ["no summary at all", sts(null, null, failure(3)), 3],
  ["nothing known", sts(null, null), null],
  ["details need not add up to the total", sts(1, 9, failure(3)), 9],
  ["a failure without a count is one at least", sts(1, 0, failure(null), failure(null)), 1],
  ["a failure without a count under a total", sts(1, 5, failure(null)), 5],
])("RFC 8460 §4.4: failed sessions are the total or the largest detail: %s", (_, policy, failed) => {
  expect(countFailed(policy)).toBe(failed);
  expect(countReport(report(policy))[0]?.failedSessions).toBe(failed ?? 0);
});

test("RFC 8460 §4: domains are counted apart, also when one is unknown", () => {
  const counts = countReport(
    report(
      { ...sts(1), policyDomain: "b.example" },
      { ...sts(2), policyDomain: null },
      { ...sts(3), policyDomain: "b.example" },
    ),
  );
  expect(counts.map((each) => [each.policyDomain, each.successfulSessions])).toEqual([
    ["b.example", 4],
    [null, 2],
  ]);
});

test("RFC 8460 §4: a failure listed under sts and tlsa counts once, where there is more of it", () => {
  const [counts] = countReport(report(sts(0, 3, failure(3)), tlsa(0, 5, failure(5))));
  expect(counts?.failures).toEqual([
    {
      resultType: "certificate-expired",
      sendingMtaIp: "192.0.2.1",
      receivingMxHost: "mx.customer.example",
      failureReasonCode: null,
      policyType: "tlsa",
      failedSessions: 5,
      countedSessions: 5,
    },
  ]);
  const [tied] = countReport(report(sts(0, 3, failure(3)), tlsa(0, 3, failure(3))));
  expect(tied?.failures).toMatchObject([{ policyType: "sts", failedSessions: 3 }]);
  expect(tied?.byPolicy[1]?.failures).toMatchObject([{ failedSessions: 3, countedSessions: 0 }]);
});

test("RFC 8460 §4: a failure under sts and under no-policy-found is two failures", () => {
  const [counts] = countReport(report(sts(0, 3, failure(3)), none(0, 2, failure(2))));
  expect(counts?.failures.map(({ policyType, countedSessions }) => [policyType, countedSessions])).toEqual([
    ["sts", 3],
    ["no-policy-found", 2],
  ]);
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

type Reasons = [resultType: string, countedSessions: number, reasonCode: string | null][];
const other = { resultType: "starttls-not-supported" };
test.each<[string, Partial<PolicyResult>[], Reasons]>([
  ["no detail", [sts(0, 3)], [["unspecified", 3, null]]],
  [
    "details that explain a part",
    [sts(0, 5, failure(3))],
    [
      ["certificate-expired", 3, null],
      ["unspecified", 2, null],
    ],
  ],
  [
    "one element without details beside one with too many",
    [sts(0, 5), sts(0, 3, failure(3), failure(3, other))],
    [
      ["certificate-expired", 3, null],
      ["starttls-not-supported", 3, null],
      ["unspecified", 5, null],
    ],
  ],
  [
    "a reason under tlsa explains the same sessions under sts",
    [sts(100, 2), tlsa(100, 2, failure(2))],
    [["certificate-expired", 2, null]],
  ],
  [
    "a reason under tlsa explains a part of those under sts",
    [sts(100, 5), tlsa(100, 2, failure(2))],
    [
      ["unspecified", 3, null],
      ["certificate-expired", 2, null],
    ],
  ],
  ["the only detail without a count", [sts(0, 4, failure(null))], [["certificate-expired", 4, null]]],
  [
    "details without a count that agree",
    [sts(0, 4, failure(null), failure(null, { receivingMxHost: "b.example" }))],
    [["certificate-expired", 4, null]],
  ],
  [
    "details without a count that do not agree",
    [sts(0, 4, failure(null), failure(null, other))],
    [["several-reasons", 4, "certificate-expired, starttls-not-supported"]],
  ],
  [
    "a detail without a count beside one with",
    [sts(0, 4, failure(3), failure(null, other))],
    [
      ["certificate-expired", 3, null],
      ["starttls-not-supported", 1, null],
    ],
  ],
  [
    "details that all say 0 under a total",
    [sts(0, 4, failure(0), failure(0))],
    [["certificate-expired", 4, null]],
  ],
  [
    "a sender's own word for it",
    [sts(0, 1, failure(1, { resultType: "unspecified" }))],
    [["unknown", 1, null]],
  ],
])(
  "RFC 8460 §4.4: a failure whose reason is there is never one without a reason: %s",
  (_, policies, reasons) => {
    const [counts] = countReport(report(...policies));
    const rows = counts?.failures.map((each) => [
      each.resultType,
      each.countedSessions,
      each.failureReasonCode,
    ]);
    expect(rows).toEqual(reasons);
  },
);

test("counts are clamped, never rounded", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const [counts] = countReport(report(sts(most, most, failure(most), failure(5)), sts(most, 5)));
  expect(counts).toMatchObject({
    successfulSessions: most,
    failedSessions: most,
    failures: [{ failedSessions: most }, { failedSessions: 5 }],
  });
});

const anyPolicy = fc
  .record({
    policyDomain: fc.constantFrom("a.example", "b.example", null),
    policyType: fc.constantFrom("sts", "tlsa", "no-policy-found", "own-word"),
    successfulSessions: fc.option(fc.nat({ max: 20 })),
    failedSessions: fc.option(fc.nat({ max: 20 })),
    failureDetails: fc.array(
      fc
        .tuple(fc.option(fc.nat({ max: 9 })), fc.constantFrom("certificate-expired", "validation-failure"))
        .map(([failedSessions, resultType]) => failure(failedSessions, { resultType })),
      { maxLength: 4 },
    ),
  })
  .map((policy): Partial<PolicyResult> => policy);
const anyTlsReport = fc.array(anyPolicy, { maxLength: 6 }).map((policies) => report(...policies));

test("a report's figures can be derived from each other", () => {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  fc.assert(
    fc.property(anyTlsReport, (any) => {
      for (const counts of countReport(any)) {
        const { byPolicy, failures } = counts;
        expect(counts.successfulSessions).toBe(sum(byPolicy.map((each) => each.countedSuccessful)));
        expect(counts.failedSessions).toBe(sum(byPolicy.map((each) => each.countedFailed)));
        expect(sum(failures.map((each) => each.countedSessions))).toBeGreaterThanOrEqual(
          counts.failedSessions,
        );
        expect(failures).toEqual(
          byPolicy.flatMap((each) => each.failures).filter((each) => each.countedSessions > 0),
        );
        for (const each of byPolicy) {
          const elements = any.policies.filter(
            ({ policyDomain, policyType }) =>
              policyDomain === counts.policyDomain && policyType === each.policyType,
          );
          expect(each.successfulSessions).toBe(sum(elements.map((policy) => policy.successfulSessions ?? 0)));
          expect(each.failedSessions).toBe(sum(elements.map((policy) => countFailed(policy) ?? 0)));
          expect([0, each.successfulSessions]).toContain(each.countedSuccessful);
          expect([0, each.failedSessions]).toContain(each.countedFailed);
          const isListedTwice = each.policyType === "sts" || each.policyType === "tlsa";
          if (!isListedTwice) expect(each.countedSuccessful).toBe(each.successfulSessions);
          if (!isListedTwice) expect(each.countedFailed).toBe(each.failedSessions);
        }
      }
      expect(new Set(countReport(any).map((counts) => counts.policyDomain))).toEqual(
        new Set(any.policies.map((policy) => policy.policyDomain)),
      );
    }),
  );
});
