import { expect, test } from "vitest";
import { findReportDay } from "./find-report-day.ts";

test.each([
  ["a UTC day", "2026-03-26T00:00:00Z", "2026-03-26T23:59:59Z", "2026-03-26"],
  ["a UTC day up to midnight", "2026-03-26T00:00:00Z", "2026-03-27T00:00:00Z", "2026-03-26"],
  ["a day of Tokyo", "2026-03-26T00:00:00+09:00", "2026-03-27T00:00:00+09:00", "2026-03-26"],
  ["a day of Los Angeles", "2026-03-26T00:00:00-07:00", "2026-03-27T00:00:00-07:00", "2026-03-26"],
  ["a day of Auckland", "2026-03-26T00:00:00+13:00", "2026-03-26T23:59:59+13:00", "2026-03-25"],
  ["a clock that is a second early", "2026-03-25T23:59:59Z", "2026-03-26T23:59:58Z", "2026-03-26"],
  ["noon to noon: the earlier of equals", "2026-03-26T12:00:00Z", "2026-03-27T12:00:00Z", "2026-03-26"],
  ["an hour before midnight, two after", "2026-03-26T23:00:00Z", "2026-03-27T02:00:00Z", "2026-03-27"],
  ["no time at all", "2026-03-26T23:00:00Z", "2026-03-26T23:00:00Z", "2026-03-26"],
  ["two whole days", "2026-03-26T00:00:00Z", "2026-03-28T00:00:00Z", "2026-03-26"],
  ["a week that starts at noon", "2026-03-26T12:00:00Z", "2026-04-02T12:00:00Z", "2026-03-27"],
  ["a week that starts at midnight", "2026-03-26T00:00:00Z", "2026-04-02T00:00:00Z", "2026-03-26"],
])(
  "RFC 8460 §4.1: the day of a report is the UTC day that most of its period lies in: %s",
  (_, start, end, day) => {
    expect(findReportDay(new Date(start), new Date(end))).toBe(day);
  },
);
