import { expect, test } from "vitest";
import { readTlsReportFileName } from "./read-tls-report-file-name.ts";

const DAY = { startAt: new Date("2024-03-26T00:00:00Z"), endAt: new Date("2024-03-26T23:59:59Z") };

test.each([
  ["reporter.example!customer.example!1711411200!1711497599!001.json.gz", "001"],
  ["reporter.example!customer.example!1711411200!1711497599.json.gz", null],
  ["reporter.example!customer.example!1711411200!1711497599.json", null],
  ["Reporter.Example.!CUSTOMER.example!1711411200!1711497599!a1.JSON.GZ", "a1"],
  ["reporter.example!customer.example!1711411200!1711497599!133-19_8.5.json.gz", "133-19_8.5"],
  ["reporter.example!customer.example!1711411200!1711497599!001.zip", "001"],
  ["reporter.example!customer.example!1711411200!1711497599!001", "001"],
  ["reports!of/march!2024/reporter.example!customer.example!1711411200!1711497599!001.json", "001"],
  ["C:\\reports\\reporter.example!customer.example!1711411200!1711497599!001.json", "001"],
])("RFC 8460 §5.1: %s names sender, domain and period", (name, uniqueId) => {
  expect(readTlsReportFileName(name)).toEqual({
    submitter: "reporter.example",
    policyDomain: "customer.example",
    ...DAY,
    uniqueId,
  });
});

test("RFC 8460 §5.1: U-labels become A-labels", () => {
  expect(readTlsReportFileName("reporter.example!bücher.example!1711411200!1711497599.json")).toMatchObject({
    policyDomain: "xn--bcher-kva.example",
  });
});

test("RFC 8460 §5.1: a time before TLS reports existed is no time, but the domains are still read", () => {
  const name = readTlsReportFileName("reporter.example!customer.example!0!999999999999.json");
  expect(name).toMatchObject({ policyDomain: "customer.example", startAt: null, endAt: null });
});

test.each([
  "",
  "report.json",
  "reporter.example!customer.example!1711411200.json",
  "reporter.example!customer.example!today!tomorrow.json",
  "reporter.example!customer example!1711411200!1711497599.json",
  "!customer.example!1711411200!1711497599.json",
  "reporter.example!customer.example!1711411200!1711497599!a!b.json",
  `reporter.example!customer.example!1711411200!1711497599!${"a".repeat(2000)}.json`,
])("RFC 8460 §5.1: %s is no report's name", (name) => {
  expect(readTlsReportFileName(name)).toBeUndefined();
});
