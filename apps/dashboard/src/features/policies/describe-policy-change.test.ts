import { expect, test } from "vitest";
import { describePolicyChange } from "./describe-policy-change.ts";

const TESTING = { mode: "testing", mx: ["a.example", "b.example"], maxAgeSeconds: 86_400 } as const;

test("the same policy changes nothing", () => {
  expect(describePolicyChange(TESTING, { ...TESTING, mx: [...TESTING.mx] })).toEqual([]);
});

test("RFC 8461 §5: going to enforce says that mail can be refused", () => {
  const [sentence, ...rest] = describePolicyChange(TESTING, { ...TESTING, mode: "enforce" });
  expect(sentence).toMatch(/from Testing to Enforce.*refuse to deliver/);
  expect(rest).toEqual([]);
});

test("hosts and the time a policy is remembered are named when they change", () => {
  expect(
    describePolicyChange(TESTING, {
      mode: "testing",
      mx: ["b.example", "c.example"],
      maxAgeSeconds: 604_800,
    }),
  ).toEqual([
    "Allowed from now on: c.example.",
    "No longer allowed: a.example.",
    "Senders remember it for 1 week instead of 1 day.",
  ]);
});

test("the first policy is introduced by its mode", () => {
  expect(describePolicyChange(null, TESTING)).toEqual([
    expect.stringMatching(/^The first policy: Testing\./),
  ]);
});
