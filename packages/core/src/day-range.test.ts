import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "./app-error.ts";
import { daysOf, reportRange, shiftDay } from "./day-range.ts";

const NOW = new Date("2026-03-15T06:00:00Z");

test.each([
  ["the 30 days up to today", {}, "2026-02-14", "2026-03-15"],
  ["from a day up to today", { from: "2026-03-01" }, "2026-03-01", "2026-03-15"],
  ["the 30 days up to a day", { to: "2026-01-31" }, "2026-01-02", "2026-01-31"],
  ["both ends", { from: "2026-01-01", to: "2026-01-01" }, "2026-01-01", "2026-01-01"],
  ["today alone", { from: "2026-03-15" }, "2026-03-15", "2026-03-15"],
  ["a day in the future alone", { from: "2026-04-01" }, "2026-04-01", "2026-04-01"],
  ["the longest range", { from: "2024-01-06", to: "2026-03-15" }, "2024-01-06", "2026-03-15"],
])("a question is about %s", (_name, query, from, to) => {
  expect(reportRange(query, NOW)).toEqual({ from, to });
});

test.each([
  ["a range that ends before it begins", { from: "2026-03-02", to: "2026-03-01" }, "after the end"],
  ["a range of 801 days", { from: "2024-01-05", to: "2026-03-15" }, "more than 800 days"],
  ["a day that does not exist", { from: "2026-02-32", to: "2026-03-01" }, "after the end"],
])("%s is refused at its field", (_name, query, problem) => {
  const refusal = (() => {
    try {
      return reportRange(query, NOW);
    } catch (error) {
      return error;
    }
  })();
  expect(refusal).toBeInstanceOf(AppError);
  expect(refusal).toMatchObject({ code: "invalid", fields: [{ path: "from" }] });
  expect(JSON.stringify(refusal)).toContain(problem);
});

test("a day shifts over months, leap days and the change of a clock, and back", () => {
  expect(shiftDay("2026-02-28", 1)).toBe("2026-03-01");
  expect(shiftDay("2028-02-28", 1)).toBe("2028-02-29");
  expect(shiftDay("2026-03-29", 1)).toBe("2026-03-30");
  const day = fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(day, fc.integer({ min: -1_000, max: 1_000 }), (at, days) => {
      const from = at.toISOString().slice(0, 10);
      expect(shiftDay(shiftDay(from, days), -days)).toBe(from);
    }),
  );
});

test("the days of a range are all of them, in order, each once", () => {
  expect(daysOf({ from: "2026-02-27", to: "2026-03-02" })).toEqual([
    "2026-02-27",
    "2026-02-28",
    "2026-03-01",
    "2026-03-02",
  ]);
  expect(daysOf({ from: "2026-03-02", to: "2026-03-01" })).toEqual([]);
  expect(daysOf({ from: "2025-01-01", to: "2025-12-31" })).toHaveLength(365);
});
