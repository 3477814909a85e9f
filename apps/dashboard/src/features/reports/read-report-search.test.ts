import { expect, test } from "vitest";
import { exportPath } from "../../api/reports.ts";
import {
  filterOf,
  type ReportSearch,
  rangeOf,
  readPickedDays,
  readReportSearch,
  shownTrust,
} from "./read-report-search.ts";

test("filters come out of the address, nonsense does not", () => {
  expect(
    readReportSearch({
      from: "2026-01-01",
      to: "2026-01-31",
      source: "Google Inc.",
      result: "",
      show: "all",
      x: 1,
    }),
  ).toEqual({ from: "2026-01-01", to: "2026-01-31", source: "Google Inc." });
  expect(readReportSearch({ trust: "signed" })).toEqual({ trust: "signed" });
  expect(readReportSearch({ trust: "any" })).toEqual({ trust: "any" });
  for (const trust of ["all", "", "constructor", 1]) expect(readReportSearch({ trust })).toEqual({});
  expect(readReportSearch({ from: "2026-02-01", to: "2026-01-31" })).toEqual({});
  expect(readReportSearch({ from: "2026-02-30", to: "2026-03-31" })).toEqual({});
});

test("every filter survives the address, and the API is asked with all of them", () => {
  const search = {
    from: "2026-01-01",
    to: "2026-01-31",
    domainId: "d",
    source: "Alpha",
    result: "certificate-expired",
    mx: "mx.example.com",
    ip: "192.0.2.1",
    policy: "sts",
    trust: "any",
  };
  expect(readReportSearch({ ...search, tab: "mx", reporters: "charts" })).toEqual({
    ...search,
    tab: "mx",
    reporters: "charts",
  });
  const exported = new URLSearchParams(
    exportPath(filterOf(search as ReportSearch, new Date()), "csv", "daily").split("?")[1],
  );
  expect(Object.fromEntries(exported)).toEqual({ ...search, format: "csv", view: "daily" });
  expect(readReportSearch({ tab: "constructor", ip: ["192.0.2.1"] })).toEqual({});
  expect(filterOf(readReportSearch({ ...search, tab: "mx", show: "failures" }), new Date())).toEqual(search);
});

test("without a range the last 30 days are shown, by UTC", () => {
  expect(rangeOf({}, new Date("2026-03-01T00:30:00+02:00"))).toEqual({
    from: "2026-01-30",
    to: "2026-02-28",
  });
});

test("RFC 8460 §5.3: figures count proven reports unless others are asked for or no report is proven", () => {
  const sum = (reports: number) => ({ reports, successfulSessions: reports, failedSessions: 0 });
  const of = (aligned: number, signed: number, unsigned: number) => ({
    aligned: sum(aligned),
    signed: sum(signed),
    unsigned: sum(unsigned),
  });
  expect(shownTrust({}, of(1, 900, 900))).toBe("aligned");
  expect(shownTrust({}, of(0, 0, 0))).toBe("aligned");
  expect(shownTrust({}, of(0, 1, 0))).toBe("any");
  expect(shownTrust({}, of(0, 0, 1))).toBe("any");
  expect(shownTrust({ trust: "aligned" }, of(0, 0, 1))).toBe("aligned");
  expect(shownTrust({ trust: "any" }, of(1, 0, 1))).toBe("any");
});

test.each([
  ["2026-01-01..2026-01-03", { from: "2026-01-01", to: "2026-01-03" }],
  ["2026-01-01..2026-01-01", { from: "2026-01-01", to: "2026-01-01" }],
  ["2026-01-03..2026-01-01", undefined],
  ["2026-01-01", undefined],
  ["2026-02-30..2026-03-01", undefined],
  ["2026-01-01..2026-01-02..2026-01-03", undefined],
  [undefined, undefined],
])("days picked in the chart: %s", (days, picked) => {
  expect(readPickedDays(days)).toEqual(picked);
  expect(readReportSearch({ days }).days).toBe(picked && days);
});
