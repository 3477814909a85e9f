import { expect, test } from "vitest";
import { readTlsReportSubject } from "./read-tls-report-subject.ts";

test.each([
  [
    "Report Domain: customer.example Submitter: reporter.example Report-ID: <735ff.e317@reporter.example>",
    "735ff.e317@reporter.example",
  ],
  [
    "Report Domain: customer.example Submitter: reporter.example Report-ID: 1331985+customer.example",
    "1331985+customer.example",
  ],
  [
    "Report Domain: customer.example\r\n\tSubmitter: reporter.example\r\n\tReport-ID: <1@r.example>",
    "1@r.example",
  ],
  [
    "Fwd: report domain: Customer.Example. submitter: REPORTER.example report-id: <1@r.example>",
    "1@r.example",
  ],
  ["Report Domain: customer.example Submitter: reporter.example", null],
  ["Report Domain: customer.example Submitter: reporter.example Report-ID: <>", null],
])("RFC 8460 §5.3: %s", (subject, reportId) => {
  expect(readTlsReportSubject(subject)).toEqual({
    policyDomain: "customer.example",
    submitter: "reporter.example",
    reportId,
  });
});

test.each([
  "",
  "Hello",
  "Report Domain: customer.example",
  "Report Domain: customer/example Submitter: reporter.example Report-ID: <1@r.example>",
  "Report Domain: customer.example Submitter: <script> Report-ID: <1@r.example>",
  `Report Domain: ${" ".repeat(3000)}customer.example Submitter: reporter.example`,
])("RFC 8460 §5.3: %s is no report's subject", (subject) => {
  expect(readTlsReportSubject(subject)).toBeUndefined();
});
