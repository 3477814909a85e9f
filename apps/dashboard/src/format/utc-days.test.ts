import { formatDay, formatInstant } from "@waxseal/contract/format-instant";
import { expect, test } from "vitest";
import { addDays, countDays, explainDayRange, formatShortDay, isDay, utcDay } from "./utc-days.ts";

test("RFC 8460 §4.1: a report day is a UTC day, wherever the reader sits", () => {
  expect(utcDay(new Date("2026-01-31T23:30:00-05:00"))).toBe("2026-02-01");
  expect(formatDay("2026-01-31")).toBe("31 Jan 2026");
  expect(formatShortDay("2026-01-01")).toBe("1 Jan");
  expect(formatInstant("2026-01-31T23:59:30Z")).toBe("31 Jan 2026, 23:59 UTC");
});

test("days add up across months and summer time", () => {
  expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
  expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  expect(countDays("2026-03-28", "2026-03-30")).toBe(3);
});

test.each([
  ["2026-02-28", true],
  ["2026-02-30", false],
  ["2026-2-3", false],
  [undefined, false],
])("only days of the calendar are days: %s", (text, expected) => {
  expect(isDay(text)).toBe(expected);
});

test.each([
  ["2026-01-01", "2026-01-31", undefined],
  ["2026-01-01", "2026-01-01", undefined],
  ["2026-01-01", "", undefined],
  [undefined, "2026-01-01", undefined],
  ["2026-02-01", "2026-01-31", "The first day is after the last day."],
  ["2026-02-30", "2026-03-31", "The first day is not a date of the calendar."],
  ["2026-02-01", "soon", "The last day is not a date of the calendar."],
  ["2024-01-01", "2026-03-10", undefined],
  ["2024-01-01", "2026-03-11", "These are 801 days; at most 800 can be shown."],
])("a range that cannot be used is explained: %s to %s", (from, to, words) => {
  expect(explainDayRange(from, to)).toBe(words);
});
