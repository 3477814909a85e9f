import { formatMonth } from "@waxseal/contract/monthly-words";
import { expect, test } from "vitest";
import { listMonths } from "./months.ts";

test("months go back over a year's end, by UTC", () => {
  expect(listMonths(new Date("2026-01-31T23:30:00Z"), 3)).toEqual(["2026-01", "2025-12", "2025-11"]);
});

test("a month is written in words", () => {
  expect(formatMonth("2026-11")).toBe("November 2026");
});
