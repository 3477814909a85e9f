import { expect, test } from "vitest";
import { formatTlsRptRecord } from "./format-tls-rpt-record.ts";

test("RFC 8460 §3: addresses are listed in the order given, separated by a comma", () => {
  expect(
    formatTlsRptRecord(["mailto:t0k3n@reports.example", "https://reports.example/v1/tlsrpt/t0k3n"]),
  ).toBe("v=TLSRPTv1; rua=mailto:t0k3n@reports.example,https://reports.example/v1/tlsrpt/t0k3n");
});

test("RFC 8460 §3: comma, exclamation mark and semicolon inside an address are percent-encoded", () => {
  expect(formatTlsRptRecord(["mailto:a,b!c;d@example.com"])).toBe(
    "v=TLSRPTv1; rua=mailto:a%2Cb%21c%3Bd@example.com",
  );
});

test.each([
  [[]],
  [["a@example.com"]],
  [["mailto:a b@example.com"]],
  [["http://r.example/"]],
  [["ftp://r.example/", "mailto:a@example.com"]],
])("no record is made from %j", (rua) => {
  expect(() => formatTlsRptRecord(rua)).toThrow(RangeError);
});
