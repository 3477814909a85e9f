import { expect, test } from "vitest";
import { addDays } from "../format/utc-days.ts";
import { binDays, binOf } from "./bin-days.ts";

const daysFrom = (first: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    day: addDays(first, index),
    isGap: index % 7 === 6,
    counts: { failed: 1, successful: index % 7 === 6 ? 99 : 2 },
  }));

test("each of up to 90 days has its own bar", () => {
  const bins = binDays(daysFrom("2026-01-01", 90), "2026-03-31");
  expect(bins).toHaveLength(90);
  expect(bins.filter(({ isPartial }) => isPartial).map(({ key }) => key)).toEqual(["2026-03-31"]);
});

test("more than 90 days are weeks from Monday; no day is lost, and a day without a report adds nothing", () => {
  const bins = binDays(daysFrom("2026-01-01", 91), "2026-04-01");
  // 1 January 2026 is a Thursday.
  expect(bins.slice(0, 2)).toEqual([
    {
      key: "2026-01-01",
      lastDay: "2026-01-04",
      days: 4,
      gapDays: 0,
      isGap: false,
      isPartial: false,
      counts: { failed: 4, successful: 8 },
    },
    {
      key: "2026-01-05",
      lastDay: "2026-01-11",
      days: 7,
      gapDays: 1,
      isGap: false,
      isPartial: false,
      counts: { failed: 6, successful: 12 },
    },
  ]);
  expect(bins.reduce((sum, { days }) => sum + days, 0)).toBe(91);
  expect(bins.at(-1)).toMatchObject({ key: "2026-03-30", lastDay: "2026-04-01", isPartial: true });
  expect(binOf(bins, "2026-01-11")?.key).toBe("2026-01-05");
  expect(binOf(bins, "2025-12-31")).toBeUndefined();
});

test("a week without any report is a gap, not zero", () => {
  const silent = daysFrom("2026-01-05", 91).map((day) => ({ ...day, isGap: day.day < "2026-01-12" }));
  expect(binDays(silent, "2026-06-01")[0]).toMatchObject({ isGap: true, gapDays: 7, counts: {} });
});
