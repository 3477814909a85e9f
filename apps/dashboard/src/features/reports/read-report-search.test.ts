import { expect, test } from "vitest";
import { rangeOf, readReportSearch } from "./read-report-search.ts";

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
  for (const trust of ["any", "", "constructor", 1]) expect(readReportSearch({ trust })).toEqual({});
  expect(readReportSearch({ from: "2026-02-01", to: "2026-01-31" })).toEqual({});
  expect(readReportSearch({ from: "2026-02-30", to: "2026-03-31" })).toEqual({});
});

test("without a range the last 30 days are shown, by UTC", () => {
  expect(rangeOf({}, new Date("2026-03-01T00:30:00+02:00"))).toEqual({
    from: "2026-01-30",
    to: "2026-02-28",
  });
});
