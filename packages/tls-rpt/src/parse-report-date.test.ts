import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatTlsReport } from "./format-tls-report.ts";
import { parseTlsReport } from "./parse-tls-report.ts";

const START: [written: string | number, meant: string, quirks: string[]][] = [
  ["2024-03-26T00:00:00Z", "2024-03-26T00:00:00.000Z", []],
  ["2024-03-26t00:00:00z", "2024-03-26T00:00:00.000Z", []],
  ["2024-03-26T00:00:00.25Z", "2024-03-26T00:00:00.250Z", []],
  ["2024-03-26T02:00:00+02:00", "2024-03-26T00:00:00.000Z", []],
  ["2024-03-25T17:30:00-06:30", "2024-03-26T00:00:00.000Z", []],
  ["2024-02-29T23:59:60Z", "2024-03-01T00:00:00.000Z", []],
  ["2024-03-26T00:00:00", "2024-03-26T00:00:00.000Z", ["date-without-zone"]],
  ["2024-03-31T02:30:00", "2024-03-31T02:30:00.000Z", ["date-without-zone"]],
  ["2024-03-10T02:30:00", "2024-03-10T02:30:00.000Z", ["date-without-zone"]],
  ["2024-03-26", "2024-03-26T00:00:00.000Z", ["date-not-rfc3339", "date-without-zone"]],
  ["2024-03-26 00:00:00", "2024-03-26T00:00:00.000Z", ["date-not-rfc3339", "date-without-zone"]],
  ["2024-03-26 00:00:00 UTC", "2024-03-26T00:00:00.000Z", ["date-not-rfc3339"]],
  ["2024-03-26T00:00Z", "2024-03-26T00:00:00.000Z", ["date-not-rfc3339"]],
  ["2024-03-26T02:00:00+0200", "2024-03-26T00:00:00.000Z", ["date-not-rfc3339"]],
  ["2024-12-31T24:00:00Z", "2025-01-01T00:00:00.000Z", ["date-not-rfc3339"]],
  [1711411200, "2024-03-26T00:00:00.000Z", ["date-not-rfc3339"]],
  ["1711411200000", "2024-03-26T00:00:00.000Z", ["date-not-rfc3339"]],
];

const UNUSABLE = [
  "",
  "yesterday",
  "2024",
  "2024-02-30T00:00:00Z",
  "2023-02-29T00:00:00Z",
  "2024-13-01T00:00:00Z",
  "2024-00-10T00:00:00Z",
  "2024-03-00T00:00:00Z",
  "2024-03-26T25:00:00Z",
  "2024-03-26T24:00:01Z",
  "2024-03-26T00:60:00Z",
  "2024-03-26T00:00:61Z",
  "2024-03-26T00:00:00+24:00",
  "2024-03-26T00:00:00 Europe/Oslo",
  "Tue, 26 Mar 2024 00:00:00 GMT",
  "0001-01-01T00:00:00Z",
  "1970-01-01T00:00:00Z",
  "+12024-03-26T00:00:00Z",
  `2024-03-26T00:00:00.${"0".repeat(100)}Z`,
  0,
  -1,
  1711411200.5,
  true,
  null,
  undefined,
  {},
  ["2024-03-26T00:00:00Z"],
];

const microsoft = readFileSync(new URL("../fixtures/date-without-zone.json", import.meta.url));

function parseWithStart(start: unknown, end = "2026-01-01T00:00:00Z") {
  return parseTlsReport(
    JSON.stringify({
      "organization-name": "Reporter",
      "contact-info": "tls@reporter.example",
      "report-id": "1",
      "date-range": { "start-datetime": start, "end-datetime": end },
      policies: [],
    }),
  );
}

// Zones on both sides of UTC, with summer time changing on the days used above.
describe.each([
  ["UTC", 0],
  ["Europe/Oslo", -60],
  ["America/Los_Angeles", 480],
])("on a machine in %s", (zone, januaryOffsetMinutes) => {
  const originalZone = process.env.TZ;
  beforeAll(() => {
    process.env.TZ = zone;
  });
  afterAll(() => {
    if (originalZone === undefined) delete process.env.TZ;
    else process.env.TZ = originalZone;
  });

  test("this process really is in that zone", () => {
    expect(new Date(2024, 0, 1).getTimezoneOffset()).toBe(januaryOffsetMinutes);
  });

  test.each(START)("RFC 8460 §4.4: %s means %s", (written, meant, quirks) => {
    const end = new Date(Date.parse(meant) + 60 * 60 * 1000).toISOString();
    const result = parseWithStart(written, end);
    expect(result).toMatchObject({
      ok: true,
      report: { startAt: new Date(meant), reportDay: meant.slice(0, 10) },
      quirks: quirks.map((code) => ({ code, at: "date-range.start-datetime", count: 1 })),
    });
  });

  test.each(UNUSABLE.map((start) => [start]))(
    "RFC 8460 §4.4: %s means no day, and never becomes 1970",
    (start) => {
      expect(parseWithStart(start)).toMatchObject({ ok: false, code: "no-date-range" });
    },
  );

  test("RFC 8460 §4.4: a report without zone lands on its own day and survives being written again", () => {
    const result = parseTlsReport(microsoft);
    if (!result.ok) throw new Error(result.problem);
    expect(result.report.reportDay).toBe("2026-03-26");
    expect(formatTlsReport(result.report)).toContain('"start-datetime":"2026-03-26T00:00:00Z"');
    expect(parseTlsReport(formatTlsReport(result.report))).toMatchObject({
      report: result.report,
      quirks: [],
    });
  });
});
