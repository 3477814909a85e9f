import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalIp } from "./canonical-ip.ts";
import { countFailed } from "./count-report.ts";
import { findReportDay } from "./find-report-day.ts";
import { formatTlsReport } from "./format-tls-report.ts";
import { parseTlsReport } from "./parse-tls-report.ts";
import { RESULT_TYPES } from "./result-types.ts";
import type { FailureDetail, PolicyResult, TlsReport } from "./tls-report.ts";

// Clean text is trimmed, has no control characters and is not empty: what the parser promises.
const cleanText = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .map((text) => text.replace(/[\p{C}]/gu, "").trim())
  .filter((text) => text !== "");
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const sessions = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 2 ** 40 }));
const ip = maybe(
  fc.oneof(
    fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => canonicalIp(text) ?? text),
    fc.constant("x.x.x.x"),
  ),
);
const domain = fc.domain().map((text) => text.toLowerCase());
const instant = fc.date({ min: new Date("2016-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });

const failureDetail: fc.Arbitrary<FailureDetail> = fc
  .record({
    resultType: fc.oneof(fc.constantFrom(...RESULT_TYPES.map((each) => each.value)), fc.constant("made-up")),
    sendingMtaIp: ip,
    receivingMxHost: maybe(domain),
    receivingMxHelo: maybe(cleanText),
    receivingIp: ip,
    failedSessions: sessions,
    additionalInfo: maybe(cleanText),
    failureReasonCode: maybe(cleanText),
  })
  .map((detail) => ({ ...detail, knownResultType: detail.resultType !== "made-up" }));

const policyResult: fc.Arbitrary<PolicyResult> = fc
  .record({
    policyType: fc.constantFrom("sts", "tlsa", "no-policy-found", "made-up"),
    policyDomain: maybe(fc.oneof(fc.constantFrom("a.example", "b.example"), domain)),
    policyStrings: fc.array(
      cleanText.filter((text) => !text.startsWith("[")),
      { maxLength: 4 },
    ),
    mxHostPatterns: fc.array(domain, { maxLength: 3 }),
    successfulSessions: sessions,
    failedSessions: sessions,
    failureDetails: fc.array(failureDetail, { maxLength: 4 }),
  })
  .map((policy) => ({ ...policy, failedSessions: countFailed(policy) }))
  .filter(({ failureDetails: [only, ...others], failedSessions }) => {
    return others.length > 0 || only?.failedSessions !== 0 || failedSessions === 0;
  });

/** Any report as the parser could return it. */
const anyTlsReport: fc.Arbitrary<TlsReport> = fc
  .record({
    organizationName: maybe(cleanText),
    contactInfo: maybe(cleanText),
    reportId: cleanText,
    instants: fc.tuple(instant, instant),
    policies: fc.array(policyResult, { maxLength: 4 }),
  })
  .map(({ organizationName, contactInfo, reportId, instants, policies }) => {
    const [startAt, endAt] = instants[0] <= instants[1] ? instants : [instants[1], instants[0]];
    const reportDay = findReportDay(startAt, endAt);
    return { organizationName, contactInfo, reportId, startAt, endAt, reportDay, policies };
  });

const REPAIRS_OF_WHAT_IS_NULL = new Set([
  "missing-organization-name",
  "missing-contact-info",
  "missing-policy-domain",
  "missing-policy-string",
  "missing-mx-host",
  "unknown-policy-type",
  "unknown-result-type",
  "not-an-ip-address",
  "long-period",
]);

test("RFC 8460 §4.4: what is written reads back as the same report, with nothing to repair", () => {
  fc.assert(
    fc.property(anyTlsReport, (report) => {
      const result = parseTlsReport(formatTlsReport(report), { submitter: "reporter.example" });
      if (!result.ok) throw new Error(result.problem);
      expect(result.report).toEqual(report);
      expect(
        result.quirks.map((quirk) => quirk.code).filter((code) => !REPAIRS_OF_WHAT_IS_NULL.has(code)),
      ).toEqual([]);
    }),
  );
});

const fixtures = readdirSync(new URL("../fixtures/", import.meta.url));

test.each(fixtures)("RFC 8460 §4.4: %s is repaired for good once written again", (file) => {
  const options = { submitter: "reporter.example" };
  const result = parseTlsReport(readFileSync(new URL(`../fixtures/${file}`, import.meta.url)), options);
  if (!result.ok) throw new Error(result.problem);
  expect(parseTlsReport(formatTlsReport(result.report), options)).toMatchObject({
    ok: true,
    report: result.report,
  });
});

test("RFC 8460 §4.4: mx-host and policy-string are arrays, dates end in Z, what is unknown is left out", () => {
  const policy = {
    policyType: "sts",
    policyDomain: "customer.example",
    policyStrings: ["version: STSv1"],
    mxHostPatterns: ["*.customer.example"],
    successfulSessions: 1,
    failedSessions: 1,
    failureDetails: [],
  };
  const detail = {
    resultType: "sts-policy-fetch-error",
    knownResultType: true,
    sendingMtaIp: null,
    receivingMxHost: null,
    receivingMxHelo: null,
    receivingIp: null,
    failedSessions: 1,
    additionalInfo: null,
    failureReasonCode: "404",
  };
  const json = formatTlsReport({
    organizationName: "Reporter",
    contactInfo: "tls@reporter.example",
    reportId: "1",
    startAt: new Date("2026-03-26T00:00:00Z"),
    endAt: new Date("2026-03-26T23:59:59Z"),
    reportDay: "2026-03-26",
    policies: [
      policy,
      {
        ...policy,
        policyType: "no-policy-found",
        policyStrings: [],
        mxHostPatterns: [],
        failureDetails: [detail],
      },
    ],
  });
  expect(JSON.parse(json)).toEqual({
    "organization-name": "Reporter",
    "date-range": { "start-datetime": "2026-03-26T00:00:00Z", "end-datetime": "2026-03-26T23:59:59Z" },
    "contact-info": "tls@reporter.example",
    "report-id": "1",
    policies: [
      {
        policy: {
          "policy-type": "sts",
          "policy-string": ["version: STSv1"],
          "policy-domain": "customer.example",
          "mx-host": ["*.customer.example"],
        },
        summary: { "total-successful-session-count": 1, "total-failure-session-count": 1 },
      },
      {
        policy: { "policy-type": "no-policy-found", "policy-domain": "customer.example" },
        summary: { "total-successful-session-count": 1, "total-failure-session-count": 1 },
        "failure-details": [
          {
            "result-type": "sts-policy-fetch-error",
            "failed-session-count": 1,
            "failure-reason-code": "404",
          },
        ],
      },
    ],
  });
});
