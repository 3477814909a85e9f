import { expect, test } from "vitest";
import { digestRange, nextDigestAt } from "./digest-period.ts";

test.each([
  ["weekly", "UTC", "2026-11-29T12:00:00Z", "2026-11-30T07:00:00Z"],
  ["weekly", "UTC", "2026-11-30T06:59:59Z", "2026-11-30T07:00:00Z"],
  ["weekly", "UTC", "2026-11-30T07:00:00Z", "2026-12-07T07:00:00Z"],
  ["daily", "UTC", "2026-11-29T06:00:00Z", "2026-11-29T07:00:00Z"],
  ["daily", "UTC", "2026-11-29T07:00:01Z", "2026-11-30T07:00:00Z"],
  ["monthly", "UTC", "2026-01-31T12:00:00Z", "2026-02-01T07:00:00Z"],
  ["monthly", "UTC", "2026-12-01T07:00:00Z", "2027-01-01T07:00:00Z"],
  // It is Monday already in Auckland, and Sunday still in Los Angeles.
  ["weekly", "Pacific/Auckland", "2026-11-29T17:00:00Z", "2026-11-29T18:00:00Z"],
  ["weekly", "America/Los_Angeles", "2026-11-30T06:00:00Z", "2026-11-30T15:00:00Z"],
  ["daily", "Asia/Kathmandu", "2026-11-29T00:00:00Z", "2026-11-29T01:15:00Z"],
  // Clocks change on Sundays: 29 March and 25 October in Berlin, 8 March in New York.
  ["daily", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T05:00:00Z"],
  ["daily", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T06:00:00Z"],
  ["daily", "America/New_York", "2026-03-07T13:00:00Z", "2026-03-08T11:00:00Z"],
  ["daily", "America/Los_Angeles", "2026-03-07T16:00:00Z", "2026-03-08T14:00:00Z"],
] as const)("the %s summary in %s after %s is due at %s", (period, timeZone, now, due) => {
  expect(nextDigestAt(period, timeZone, new Date(now))).toEqual(new Date(due));
});

test("a day is never skipped and never doubled in a year of any time zone", () => {
  for (const timeZone of [
    "UTC",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
  ]) {
    let at = new Date("2026-01-01T12:00:00Z");
    for (let count = 0; count < 365; count++) {
      const next = nextDigestAt("daily", timeZone, at);
      const hours = (next.getTime() - at.getTime()) / 3_600_000;
      if (count > 0)
        expect(hours, `${timeZone} ${at.toISOString()}`).toSatisfy((h: number) => h >= 23 && h <= 25);
      at = next;
    }
  }
});

test("a summary covers complete days", () => {
  const now = new Date("2026-03-01T07:00:00Z");
  expect(digestRange("daily", now)).toEqual({ from: "2026-02-28", to: "2026-02-28" });
  expect(digestRange("weekly", now)).toEqual({ from: "2026-02-22", to: "2026-02-28" });
  expect(digestRange("monthly", now)).toEqual({ from: "2026-01-30", to: "2026-02-28" });
});
