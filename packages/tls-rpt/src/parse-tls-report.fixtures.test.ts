import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { countReport } from "./count-report.ts";
import { parseTlsReport } from "./parse-tls-report.ts";
import { QUIRKS, type QuirkCode } from "./quirks.ts";
import type { FailureDetail, PolicyResult, TlsReport } from "./tls-report.ts";

type PolicyExpectation = Partial<Omit<PolicyResult, "failureDetails">>;
type Expectation = {
  report?: Partial<Omit<TlsReport, "policies">>;
  policy?: PolicyExpectation;
  detail?: Partial<FailureDetail>;
  also?: QuirkCode[];
};

const POLICY_LINES = ["version: STSv1", "mode: enforce", "mx: mx.customer.example", "max_age: 604800"];
const WHOLE_DAY = { startAt: new Date("2026-03-26T00:00:00Z"), reportDay: "2026-03-26" };

const repaired: Record<QuirkCode, Expectation> = {
  "byte-order-mark": { report: { organizationName: "Example Reporter" } },
  "utf-16": { report: { organizationName: "Example Reporter" } },
  "invalid-utf8": { report: { organizationName: "Ex\ufffdmple Reporter" } },
  "raw-control-characters": { detail: { failureReasonCode: "certificate has expired" } },
  "trailing-garbage": { report: { organizationName: "Example Reporter" } },
  "missing-organization-name": { report: { organizationName: null } },
  "missing-contact-info": { report: { contactInfo: null } },
  "date-without-zone": { report: { ...WHOLE_DAY, endAt: new Date("2026-03-26T23:59:59Z") } },
  "date-not-rfc3339": { report: { ...WHOLE_DAY, endAt: new Date("2026-03-27T00:00:00Z") } },
  "missing-end-date": { report: { ...WHOLE_DAY, endAt: new Date("2026-03-27T00:00:00Z") } },
  "long-period": { report: { reportDay: "2026-03-26", startAt: new Date("2026-03-25T18:00:00Z") } },
  "date-range-reversed": { report: { ...WHOLE_DAY, endAt: new Date("2026-03-27T00:00:00Z") } },
  "text-not-string": { report: { reportId: "20260326" } },
  "text-truncated": { detail: { failureReasonCode: "x".repeat(1000) } },
  "control-characters": { detail: { failureReasonCode: "expired <b> gnp.exe" } },
  "policies-not-array": { policy: { successfulSessions: 120 } },
  "malformed-policy": { policy: { successfulSessions: 120 } },
  "flat-policy": { policy: { policyType: "sts", policyDomain: "customer.example", failedSessions: 3 } },
  "missing-policy-type": { policy: { policyType: "unknown" } },
  "unknown-policy-type": { policy: { policyType: "dane-only" } },
  "letter-case": {
    policy: { policyType: "sts" },
    detail: { resultType: "certificate-expired", knownResultType: true },
  },
  "missing-policy-domain": {
    policy: { policyType: "no-policy-found", policyDomain: null, successfulSessions: 7 },
  },
  "invalid-policy-domain": { policy: { policyDomain: "customer example" } },
  "unicode-domain": { policy: { policyDomain: "xn--bcher-kva.example" } },
  "missing-policy-string": { policy: { policyStrings: [] } },
  "policy-string-not-array": { policy: { policyStrings: POLICY_LINES } },
  "policy-string-nested-json": { policy: { policyStrings: ["3 1 1 60A1", "3 1 1 83B2"] } },
  "list-truncated": {
    policy: { mxHostPatterns: Array.from({ length: 100 }, (_, n) => `mx${n}.customer.example`) },
  },
  "missing-mx-host": { policy: { mxHostPatterns: [] } },
  "mx-host-not-array": { policy: { mxHostPatterns: ["*.customer.example"] } },
  "mx-host-pattern-key": { policy: { mxHostPatterns: ["mx.customer.example"] } },
  "missing-summary": { policy: { successfulSessions: null, failedSessions: 3 } },
  "missing-session-count": { policy: { successfulSessions: 120, failedSessions: 3 } },
  "misspelt-count-key": { policy: { successfulSessions: 120, failedSessions: 3 } },
  "negative-session-count": { policy: { successfulSessions: 120, failedSessions: 3 } },
  "huge-session-count": { policy: { successfulSessions: Number.MAX_SAFE_INTEGER } },
  "session-count-not-integer": { policy: { successfulSessions: 120, failedSessions: 3 } },
  "failed-total-too-low": { policy: { successfulSessions: 120, failedSessions: 3 } },
  "missing-failure-count": { policy: { failedSessions: 3 }, detail: { failedSessions: 3 } },
  "policy-listed-twice": { policy: { successfulSessions: 120 } },
  "failure-details-null": { policy: { failedSessions: 3 } },
  "failure-details-not-array": { detail: { resultType: "certificate-expired" } },
  "malformed-failure-detail": { detail: { resultType: "certificate-expired" } },
  "missing-result-type": { detail: { resultType: "unknown", knownResultType: false } },
  "unknown-result-type": { detail: { resultType: "quantum-decoherence", knownResultType: false } },
  "ip-not-canonical": { detail: { sendingMtaIp: "2001:db8:abcd:12::1" } },
  "not-an-ip-address": { detail: { sendingMtaIp: "x.x.x.x", receivingIp: null } },
  "multi-line-helo": { detail: { receivingMxHelo: "mx.customer.example" } },
  "additional-info-uri-key": { detail: { additionalInfo: "https://reporter.example/report?id=1" } },
};

const sound: Record<string, Expectation> = {
  "no-quirk": {
    report: { ...WHOLE_DAY, contactInfo: "tls-reports@reporter.example" },
    policy: { policyStrings: POLICY_LINES },
  },
  "end-at-next-midnight": { report: { ...WHOLE_DAY, endAt: new Date("2026-03-27T00:00:00Z") } },
  "report-id-empty-tail": { report: { reportId: "133944884956529435+" } },
  "count-beyond-32-bits": { policy: { successfulSessions: 6_000_000_000 } },
  "unknown-extra-keys": { detail: { resultType: "certificate-expired" } },
  "google-success-without-details": { policy: { successfulSessions: 41, failedSessions: 0 } },
  "microsoft-sts-and-tlsa": {
    report: { startAt: new Date("2023-01-10T00:00:00Z"), reportDay: "2023-01-10" },
    policy: { policyType: "sts", successfulSessions: 10 },
    also: ["date-without-zone", "missing-mx-host", "policy-string-nested-json"],
  },
  "policy-changed-at-noon": { policy: { successfulSessions: 100, failedSessions: 4 } },
  "postfix-dane-host-each": {
    policy: { policyType: "tlsa", policyDomain: "mx1.customer.example", successfulSessions: 40 },
    also: ["missing-policy-domain"],
  },
  "mail-ru-details-exceed-total": {
    policy: { failedSessions: 1 },
    detail: {
      resultType: "sts-policy-fetch-error",
      failureReasonCode: "bad https response code: 404",
      sendingMtaIp: null,
    },
    also: ["missing-policy-string", "missing-mx-host"],
  },
  "contact-info-absent": { report: { contactInfo: null }, also: ["missing-contact-info"] },
  "policy-string-empty-list": { policy: { policyType: "sts", policyStrings: [] } },
  "policy-string-any-order": { policy: { policyStrings: POLICY_LINES.toReversed() } },
  "failure-details-empty": { policy: { successfulSessions: 120, failedSessions: 0 } },
  "empty-addresses": {
    detail: { sendingMtaIp: null, receivingIp: null, receivingMxHost: null, receivingMxHelo: null },
  },
  "failure-reason-codes": {
    detail: { failureReasonCode: "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY" },
  },
  "several-domains": { policy: { policyDomain: "customer.example", successfulSessions: 120 } },
  "tlsa-named-for-mx-host": {
    policy: {
      policyType: "tlsa",
      policyDomain: "mx.customer.example",
      policyStrings: ["3 1 1 60A1", "3 1 1 83B2"],
    },
  },
  "mx-host-list-of-patterns": {
    policy: { mxHostPatterns: ["mx1.customer.example", "*.backup.customer.example"] },
  },
  "rfc-example": {
    report: { reportDay: "2016-04-01" },
    policy: { mxHostPatterns: ["*.mail.company-y.example"], successfulSessions: 5326, failedSessions: 303 },
    detail: { sendingMtaIp: "2001:db8:abcd:12::1", failedSessions: 100 },
    also: ["mx-host-not-array", "ip-not-canonical"],
  },
};

function parseFixture(name: string) {
  const bytes = readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url));
  const result = parseTlsReport(bytes, { submitter: "reporter.example" });
  if (!result.ok) throw new Error(`${name}: ${result.problem}`);
  return result;
}

function check(name: string, expected: Expectation, quirks: QuirkCode[]) {
  const result = parseFixture(name);
  expect(result.quirks.map((quirk) => quirk.code)).toEqual(quirks);
  expect(result.report).toMatchObject(expected.report ?? {});
  expect(result.report.policies[0]).toMatchObject(expected.policy ?? {});
  if (expected.detail) expect(result.report.policies[0]?.failureDetails[0]).toMatchObject(expected.detail);
}

describe("RFC 8460 §4.4: a report with one thing wrong is read, and that one thing is reported", () => {
  test.each(Object.keys(QUIRKS))("%s", (code) => {
    const quirk = toQuirkCode(code);
    check(quirk, repaired[quirk], [quirk]);
  });
});

describe("RFC 8460 §4.4: what real senders write is read", () => {
  test.each(Object.entries(sound))("%s", (name, expected) => check(name, expected, expected.also ?? []));
});

test("RFC 8460 §4.3: reasons are kept in the words of each kind of sender", () => {
  const { report } = parseFixture("failure-reason-codes");
  expect(report.policies[0]?.failureDetails.map((detail) => detail.failureReasonCode)).toEqual([
    "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "tls-remote-alert-42-bad-certificate",
    "self-signed_certificate",
    "bad https response code: 404",
  ]);
});

test("RFC 8460 §4.4: what a report says of several domains stays apart", () => {
  const { report } = parseFixture("several-domains");
  const counted = countReport(report).map((each) => [each.policyDomain, each.successfulSessions]);
  expect(counted).toEqual([
    ["customer.example", 120],
    ["other.example", 7],
  ]);
});

test("RFC 8460 §4.4: every fixture is in one of the two tables", () => {
  const names = readdirSync(new URL("../fixtures/", import.meta.url)).map((file) =>
    file.replace(/\.json$/, ""),
  );
  expect(names.toSorted()).toEqual([...Object.keys(repaired), ...Object.keys(sound)].toSorted());
});

/** Keys of `QUIRKS` are quirk codes; `Object.keys` does not say so. */
function toQuirkCode(key: string): QuirkCode {
  return key as QuirkCode;
}
