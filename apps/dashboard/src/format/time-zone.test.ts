import { expect, test } from "vitest";
import { formatInZone } from "./time-zone.ts";

test.each([
  ["2026-11-27T22:10:00Z", "utc", undefined, "27 Nov 2026, 22:10 UTC"],
  ["2026-11-27T23:10:00Z", "local", "Europe/Berlin", "28 Nov 2026, 00:10 CET"],
  ["2026-07-01T23:10:00Z", "local", "Europe/Berlin", "2 Jul 2026, 01:10 CEST"],
  ["2026-09-01T12:00:00Z", "local", "Asia/Kolkata", "1 Sep 2026, 17:30 GMT+5:30"],
  ["2026-11-27T22:10:00Z", "local", "UTC", "27 Nov 2026, 22:10 UTC"],
] as const)("%s, %s in %s: the zone is always named", (at, choice, timeZone, text) => {
  expect(formatInZone(at, choice, timeZone)).toBe(text);
});
