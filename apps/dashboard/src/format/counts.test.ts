import { expect, test } from "vitest";
import { formatBytes, formatCount, formatCountOf, formatShare } from "./counts.ts";

test("counts have thousands separators and agree with their noun", () => {
  expect(formatCount(1234567)).toBe("1,234,567");
  expect(formatCountOf(1, "report")).toBe("1 report");
  expect(formatCountOf(0, "report")).toBe("0 reports");
  expect(formatCountOf(2, "reply", "replies")).toBe("2 replies");
});

test.each([
  [null, "–"],
  [0, "0%"],
  [1, "100%"],
  [0.5, "50%"],
  [0.125, "12.5%"],
  [0.99954, "99.95%"],
  [0.99999, "> 99.99%"],
  [0.00001, "< 0.01%"],
])("a share never rounds a failure away: %s is %s", (share, text) => {
  expect(formatShare(share)).toBe(text);
});

test("bytes are shown in the unit that reads best", () => {
  expect([812, 3_400, 1_250_000].map(formatBytes)).toEqual(["812 B", "3.4 kB", "1.3 MB"]);
});
