import { describe, expect, test } from "vitest";
import { type ParseTlsReportOptions, parseTlsReport, type TlsReportProblemCode } from "./parse-tls-report.ts";

const DETAIL = { "result-type": "certificate-expired", "failed-session-count": 1 };
const POLICY = {
  policy: { "policy-type": "no-policy-found", "policy-domain": "customer.example" },
  summary: { "total-successful-session-count": 1, "total-failure-session-count": 1 },
  "failure-details": [DETAIL],
};
const REPORT = {
  "organization-name": "Reporter",
  "contact-info": "tls@reporter.example",
  "report-id": "1",
  "date-range": { "start-datetime": "2026-03-26T00:00:00Z", "end-datetime": "2026-03-26T23:59:59Z" },
  policies: [POLICY],
};

function parse(changes: object, options?: ParseTlsReportOptions) {
  return parseTlsReport(JSON.stringify({ ...REPORT, ...changes }), options);
}

function parseOk(changes: object, options?: ParseTlsReportOptions) {
  const result = parse(changes, options);
  if (!result.ok) throw new Error(result.problem);
  return result;
}

const refused: [TlsReportProblemCode, string][] = [
  ["not-json", ""],
  ["not-json", "<html>"],
  ["not-json", '{"report-id": "1"'],
  ["not-json", "}"],
  ["not-json", "{]"],
  ["not-json", '{"a": "\\'],
  ["not-an-object", "null"],
  ["not-an-object", "[]"],
  ["not-an-object", '"report"'],
  ["no-organization", "{}"],
  ["no-organization", JSON.stringify({ ...REPORT, "organization-name": " " })],
  ["no-report-id", JSON.stringify({ ...REPORT, "report-id": undefined })],
  ["no-report-id", JSON.stringify({ ...REPORT, "report-id": "" })],
  ["no-report-id", JSON.stringify({ ...REPORT, "report-id": {} })],
  ["no-date-range", JSON.stringify({ ...REPORT, "date-range": undefined })],
  ["no-date-range", JSON.stringify({ ...REPORT, "date-range": [] })],
  ["no-date-range", JSON.stringify({ ...REPORT, "date-range": { "end-datetime": "2026-03-26T23:59:59Z" } })],
  ["no-policies", JSON.stringify({ ...REPORT, policies: undefined })],
  ["no-policies", JSON.stringify({ ...REPORT, policies: null })],
  ["no-policies", JSON.stringify({ ...REPORT, policies: "none" })],
];

describe("RFC 8460 §4.4: what identifies no report is refused with its reason", () => {
  test.each(refused)("%s: %s", (code, text) => {
    expect(parseTlsReport(text)).toMatchObject({
      ok: false,
      code,
      problem: expect.stringMatching(/^The report .*\.$/),
    });
    expect(parseTlsReport(new TextEncoder().encode(text))).toMatchObject({ ok: false, code });
  });
});

test("RFC 8460 §4.4: a verified submitter is used for a missing organisation, which stays unknown", () => {
  const result = parse({ "organization-name": null }, { submitter: "reporter.example" });
  expect(result).toMatchObject({ ok: true, report: { organizationName: null } });
  expect(parse({ "organization-name": null }, { submitter: "" })).toMatchObject({ code: "no-organization" });
});

test("RFC 8460 §5.6: a domain from the message is used only where the report names none", () => {
  const policy = { "policy-type": "no-policy-found" };
  const { report } = parseOk(
    { policies: [{ ...POLICY, policy }, POLICY] },
    { policyDomain: "From-Message.example." },
  );
  expect(report.policies.map((each) => each.policyDomain)).toEqual([
    "from-message.example",
    "customer.example",
  ]);
  const without = parseOk({ policies: [{ ...POLICY, policy }] }, { policyDomain: "no domain" });
  expect(without.report.policies[0]?.policyDomain).toBeNull();
});

test("RFC 8460 §4.4: a report about no policy at all is a report", () => {
  expect(parse({ policies: [] })).toMatchObject({ ok: true, report: { policies: [] }, quirks: [] });
});

test("RFC 8460 §4.4: a repair is listed once, with its first place and how often it was needed", () => {
  const details = [
    DETAIL,
    { ...DETAIL, "sending-mta-ip": "x.x.x.x" },
    { ...DETAIL, "sending-mta-ip": "unknown" },
  ];
  const { quirks } = parseOk({ policies: [POLICY, { ...POLICY, "failure-details": details }] });
  expect(quirks).toEqual([
    { code: "not-an-ip-address", at: "policies[1].failure-details[1].sending-mta-ip", count: 2 },
  ]);
});

test("RFC 8460 §4.4: both names of a field given, the standard one wins", () => {
  const policy = { ...POLICY.policy, "mx-host": ["a.example"], "mx-host-pattern": ["b.example"] };
  const detail = {
    ...DETAIL,
    "additional-information": "https://a.example/",
    "additional-info-uri": "https://b.example/",
  };
  const { report, quirks } = parseOk({ policies: [{ ...POLICY, policy, "failure-details": [detail] }] });
  expect(report.policies[0]).toMatchObject({
    mxHostPatterns: ["a.example"],
    failureDetails: [{ additionalInfo: "https://a.example/" }],
  });
  expect(quirks).toEqual([]);
});

test("RFC 8460 §7: what a database or a screen chokes on never gets through: NUL, half characters, reversed text", () => {
  const hostile = ["a\u0000b", "a\ud800b", "a\udc00b", "a\u009bb", "a\u202eb", "a\u2067b", "a\r\n\tb"];
  for (const text of hostile) {
    expect(parseOk({ "organization-name": text }).report.organizationName).toBe("a b");
  }
  expect(parseOk({ "organization-name": "a😀é b" }).report.organizationName).toBe("a😀é b");
});

test("RFC 8460 erratum 6241: mx-host is read as the array it should be and as the text of the example", () => {
  for (const mxHost of [["*.customer.example"], "*.customer.example"]) {
    const policy = { ...POLICY.policy, "mx-host": mxHost };
    const { report } = parseOk({ policies: [{ ...POLICY, policy }] });
    expect(report.policies[0]?.mxHostPatterns).toEqual(["*.customer.example"]);
  }
});

test("hosts are lower-case A-labels without trailing dot", () => {
  const policy = {
    "policy-type": "sts",
    "policy-string": [],
    "policy-domain": "Customer.Example.",
    "mx-host": ["*.Bücher.example."],
  };
  const detail = { ...DETAIL, "receiving-mx-hostname": "MX.Customer.Example." };
  const { report } = parseOk({ policies: [{ ...POLICY, policy, "failure-details": [detail] }] });
  expect(report.policies[0]).toMatchObject({
    policyDomain: "customer.example",
    mxHostPatterns: ["*.xn--bcher-kva.example"],
    failureDetails: [{ receivingMxHost: "mx.customer.example" }],
  });
});

test("RFC 8460 §4.4: policy lines come out one by one, however they were packed", () => {
  const lines = ["version: STSv1", "mode: testing"];
  const nested = JSON.stringify(lines);
  const packed = [
    lines,
    [lines.join("\r\n")],
    lines.join("\n"),
    lines.join("; "),
    nested,
    [nested],
    [` ${nested}\n`],
    JSON.stringify([nested]),
  ];
  for (const policyString of packed) {
    const policy = { ...POLICY.policy, "policy-string": policyString };
    expect(parseOk({ policies: [{ ...POLICY, policy }] }).report.policies[0]?.policyStrings).toEqual(lines);
  }
});

describe("RFC 8460 §7: size, depth and counts are bounded", () => {
  const large = { "x-padding": "x".repeat(70_000) };

  test("a report over maxBytes is not looked at", () => {
    const bytes = new TextEncoder().encode(JSON.stringify(REPORT));
    expect(parseTlsReport(bytes, { limits: { maxBytes: bytes.length } })).toMatchObject({ ok: true });
    expect(parseTlsReport(bytes, { limits: { maxBytes: bytes.length - 1 } })).toMatchObject({
      code: "too-large",
    });
  });

  test("a large report may not be nested beyond maxDepth, also when its JSON is broken", () => {
    const nest = (depth: number) =>
      JSON.stringify({ ...REPORT, ...large, x: JSON.parse("[".repeat(depth) + "]".repeat(depth)) });
    expect(parseTlsReport(nest(31))).toMatchObject({ ok: true });
    expect(parseTlsReport(nest(32))).toMatchObject({ code: "too-complex" });
    expect(parseTlsReport("[".repeat(5_000_000))).toMatchObject({ code: "too-complex" });
    expect(parseTlsReport("[".repeat(5_000))).toMatchObject({ code: "too-complex" });
  });

  test("a large report may not hold more than maxValues values; texts do not count", () => {
    const many = (count: number) => ({ ...large, x: Array.from({ length: count }, () => ({})) });
    expect(parse(many(100), { limits: { maxValues: 300 } })).toMatchObject({ ok: true });
    expect(parse(many(300), { limits: { maxValues: 300 } })).toMatchObject({ code: "too-complex" });
    expect(parse({ ...large, x: '[{,"'.repeat(300) }, { limits: { maxValues: 300 } })).toMatchObject({
      ok: true,
    });
  });

  test("policies and failure details are counted over the whole report", () => {
    const policies = [POLICY, POLICY, POLICY];
    expect(parse({ policies }, { limits: { maxPolicies: 3, maxFailureDetails: 3 } })).toMatchObject({
      ok: true,
    });
    expect(parse({ policies }, { limits: { maxPolicies: 2 } })).toMatchObject({ code: "too-complex" });
    expect(parse({ policies }, { limits: { maxFailureDetails: 2 } })).toMatchObject({ code: "too-complex" });
  });

  test("long texts and lists are cut, and a quirk says so", () => {
    const policy = { ...POLICY.policy, "policy-string": ["a", "b", "c"], "mx-host": ["a", "b", "c"] };
    const { report, quirks } = parseOk(
      { "organization-name": "x".repeat(30), policies: [{ ...POLICY, policy }] },
      { limits: { maxTextChars: 20, maxListItems: 2 } },
    );
    expect(report.organizationName).toBe("x".repeat(20));
    expect(report.policies[0]).toMatchObject({ policyStrings: ["a", "b"], mxHostPatterns: ["a", "b"] });
    expect(quirks.map((quirk) => quirk.code)).toEqual(["text-truncated", "list-truncated"]);
  });
});
