import { expect, test } from "vitest";
import { quietUntil } from "./quiet-hours.ts";

const night = { timeZone: "Europe/Berlin", quietFrom: 22 * 60, quietUntil: 7 * 60 };
const early = { ...night, quietUntil: 2 * 60 + 30 };
const noon = { timeZone: "Asia/Kolkata", quietFrom: 12 * 60, quietUntil: 13 * 60 };

test.each([
  ["before they begin", night, "2026-07-01T19:59:00Z", undefined],
  ["at their first minute", night, "2026-07-01T20:00:00Z", "2026-07-02T05:00:00.000Z"],
  ["after midnight", night, "2026-07-02T01:30:20Z", "2026-07-02T05:00:00.000Z"],
  ["at their end", night, "2026-07-02T05:00:00Z", undefined],
  ["in the night that clocks go forward", night, "2026-03-28T22:00:00Z", "2026-03-29T05:00:00.000Z"],
  ["in the night that clocks go back", night, "2026-10-24T22:00:00Z", "2026-10-25T06:00:00.000Z"],
  ["until a time that clocks skip", early, "2026-03-28T22:00:00Z", "2026-03-29T01:00:00.000Z"],
  ["at that time", early, "2026-03-29T00:30:00Z", "2026-03-29T01:00:00.000Z"],
  ["until a time that clocks show twice", early, "2026-10-24T22:00:00Z", "2026-10-25T00:30:00.000Z"],
  ["within a day, half an hour off the hour", noon, "2026-05-01T07:00:00Z", "2026-05-01T07:30:00.000Z"],
  ["without quiet hours", { ...night, quietFrom: null }, "2026-07-02T01:00:00Z", undefined],
])("quiet hours %s", (_, hours, now, end) => {
  expect(quietUntil(hours, new Date(now))?.toISOString()).toBe(end);
});
