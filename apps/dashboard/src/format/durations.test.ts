import { expect, test } from "vitest";
import { formatDistance, formatDuration } from "./durations.ts";

test.each([
  [86_400, "1 day"],
  [604_800, "1 week"],
  [864_000, "10 days"],
  [31_557_600, "1 year"],
  [90, "90 seconds"],
  [0, "0 seconds"],
])("%s seconds read as %s, never rounded", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test.each([
  ["2026-01-31T12:00:02Z", "just now"],
  ["2026-01-31T11:58:00Z", "2 minutes ago"],
  ["2026-02-10T12:00:00Z", "in 10 days"],
  ["2026-01-31T13:59:59Z", "in 1 hour"],
])("%s is %s", (at, text) => {
  expect(formatDistance(at, new Date("2026-01-31T12:00:00Z"))).toBe(text);
});
