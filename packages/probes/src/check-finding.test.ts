import { expect, test } from "vitest";
import { CHECKS } from "./check-finding.ts";

test("every check that finds something wrong names its section and what to do", () => {
  const wrong = Object.entries(CHECKS).filter(
    ([, { severity }]) => severity === "error" || severity === "warning",
  );
  expect(wrong.length).toBeGreaterThan(40);
  for (const [code, { rfc, fix }] of wrong) {
    expect(rfc, code).toMatch(/^RFC \d{4} §\d/);
    expect(fix, code).toMatch(/\S{2}/);
  }
});
