import { expect, test } from "vitest";
import { isAtLeast, readSeverity, SEVERITIES, worstOf } from "./alert-change.ts";

test.each([
  ["critical", { critical: true, warning: true, notice: true }],
  ["warning", { critical: false, warning: true, notice: true }],
  ["notice", { critical: false, warning: false, notice: true }],
])("an alert that is %s is sent to those who asked for at least it", (severity, expected) => {
  for (const least of SEVERITIES)
    expect([least, isAtLeast(severity, least)]).toEqual([least, expected[least]]);
});

test("a person who turned alerts off gets none, not even critical ones", () => {
  for (const severity of SEVERITIES) expect(isAtLeast(severity, "off")).toBe(false);
});

test("a severity of another release is the least, so that it wakes no one at night", () => {
  expect(readSeverity("catastrophic")).toBe("notice");
  expect(isAtLeast("catastrophic", "warning")).toBe(false);
  expect(isAtLeast("catastrophic", "notice")).toBe(true);
});

test.each([
  [["notice", "critical", "warning"], "critical"],
  [["notice", "warning"], "warning"],
  [["notice"], "notice"],
  [[], "notice"],
  [["catastrophic"], "notice"],
])("the worst of %j is %s", (severities, worst) => {
  expect(worstOf(severities)).toBe(worst);
});
