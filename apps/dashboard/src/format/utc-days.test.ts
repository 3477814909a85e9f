import { formatDay, formatInstant } from "@waxseal/contract/format-instant";
import { expect, test } from "vitest";
import { addDays, countDays, formatShortDay, isDay, utcDay } from "./utc-days.ts";

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
