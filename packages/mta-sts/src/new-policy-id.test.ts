import { expect, test } from "vitest";
import { newPolicyId } from "./new-policy-id.ts";

const now = new Date("2026-11-24T05:55:00.007Z");

test("RFC 8461 §3.1: an id is the UTC time and a suffix, 1 to 32 letters and digits", () => {
  expect(newPolicyId(now, "42")).toBe("20261124T05550000742");
  expect(newPolicyId(now)).toMatch(/^20261124T055500007\d{6}$/);
});

test("a later id sorts later, whatever the suffix", () => {
  expect(newPolicyId(new Date(now.getTime() + 1), "000000") > newPolicyId(now, "999999")).toBe(true);
});

test("two ids of one millisecond differ", () => {
  expect(new Set(Array.from({ length: 20 }, () => newPolicyId(now))).size).toBeGreaterThan(18);
});

test.each(["", "a-b", "x".repeat(15)])("a suffix that would break the id is refused: %j", (suffix) => {
  expect(() => newPolicyId(now, suffix)).toThrow(RangeError);
});
