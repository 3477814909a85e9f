import { expect, test } from "vitest";
import { formatDay, formatInstant } from "./format-instant.ts";

test.each([
  ["2026-11-27T22:10:59.999Z", "27 Nov 2026, 22:10 UTC"],
  ["2026-09-01T00:05:00Z", "1 Sep 2026, 00:05 UTC"],
  ["2026-03-01T01:30:00+02:00", "28 Feb 2026, 23:30 UTC"],
])("an instant reads in UTC, whatever the zone of the machine: %s", (at, text) => {
  expect(formatInstant(at)).toBe(text);
  expect(formatInstant(new Date(at))).toBe(text);
  expect(formatDay(at)).toBe(text.split(",")[0]);
});

test("a report day is a UTC day", () => {
  expect(formatDay("2026-01-31")).toBe("31 Jan 2026");
});
