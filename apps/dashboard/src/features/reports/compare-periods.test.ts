import { expect, test } from "vitest";
import { describeChange, describeShareChange, periodBefore } from "./compare-periods.ts";

test("the period before has the same length and ends the day before, across years and leap days", () => {
  expect(periodBefore({ from: "2026-01-01", to: "2026-01-30" })).toEqual({
    from: "2025-12-02",
    to: "2025-12-31",
  });
  expect(periodBefore({ from: "2024-03-01", to: "2024-03-01" })).toEqual({
    from: "2024-02-29",
    to: "2024-02-29",
  });
});

test.for([
  [150, 100, "50% more than in the period before"],
  [50, 100, "50% fewer than in the period before"],
  [100, 100, "as in the period before"],
  [5, 0, "none in the period before"],
  [0, 0, undefined],
] as const)("%i after %i: %s", ([now, before, words]) => {
  expect(describeChange(now, before)).toBe(words);
});

test("a share is compared in points, and with the unknown not at all", () => {
  expect(describeShareChange(0.991, 0.986)).toBe("0.5 points above the period before");
  expect(describeShareChange(0.9, 0.95)).toBe("5 points below the period before");
  expect(describeShareChange(null, 0.9)).toBeUndefined();
});
