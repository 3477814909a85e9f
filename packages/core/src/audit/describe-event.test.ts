import { EVENT_KINDS } from "@waxseal/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import { describeEvent } from "./describe-event.ts";

const SENTENCE = /^[A-Z].*[.!?]$/s;
const CODE_WORDS = /undefined|null|NaN|\[object|\bfunction\b|Invalid Date/;

test.each(EVENT_KINDS)("%s is a sentence even without its data, and names no code", (kind) => {
  const sentence = describeEvent(kind, {});
  expect(sentence).toMatch(SENTENCE);
  expect(sentence).not.toMatch(CODE_WORDS);
  expect(sentence).not.toMatch(/ {2}| [.:,]/);
  expect(sentence).not.toBe("Something else was changed.");
});

test("data of any shape gives a bounded sentence, never an error", () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string()),
    fc.object(),
  );
  const fields = [
    "name",
    "domain",
    "mx",
    "mode",
    "before",
    "version",
    "record",
    "to",
    "detail",
    "mxHosts",
    "notAfter",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...EVENT_KINDS),
      fc.array(fc.tuple(fc.constantFrom(...fields), value)),
      (kind, data) => {
        const sentence = describeEvent(kind, Object.fromEntries(data));
        expect(typeof sentence).toBe("string");
        expect(sentence.length).toBeLessThan(60_000);
        expect(sentence).not.toMatch(/\[object|undefined/);
      },
    ),
  );
});

test.each(["", "nothing.known", "toString", "__proto__", "constructor"])(
  "an event kind %o that is none is a plain sentence",
  (kind) => {
    expect(describeEvent(kind, { name: "x" })).toBe("Something else was changed.");
  },
);

test.each([
  [
    "setup.changed",
    { record: "policyHost", to: "wrong", seen: "other.example" },
    "is wrong. It points to other.example.",
  ],
  ["setup.changed", { record: "stsRecord", to: "correct", seen: "other.example" }, "is correct."],
  ["setup.changed", { record: "no-record", to: "missing" }, "The CNAME for the setup is missing."],
  [
    "setup.changed",
    { record: "policyHost", to: "unreachable" },
    "could not be checked: the DNS did not answer.",
  ],
  ["setup.changed", { record: "policyHost", to: "something" }, "has not been checked yet."],
  [
    "sso.failed",
    { code: "S-12", detail: "it names no address." },
    "A single sign-on failed (S-12): it names no address.",
  ],
  ["sso.failed", { code: "<script>" }, "A single sign-on failed."],
  [
    "mx.changed",
    { mxHosts: [{ mxHost: "mx1.example.com" }, "mx2.example.com"] },
    "mx1.example.com, mx2.example.com.",
  ],
  ["mx.changed", { mxHosts: [] }, "The MX hosts are now none."],
  ["account.twoFactorChanged", { required: "true" }, "Two-factor sign-in is optional again."],
])("%s with %o", (kind, data, end) => {
  expect(describeEvent(kind, data).endsWith(end)).toBe(true);
});

test("a policy's mode before is named only where it changed", () => {
  const created = (before: unknown) =>
    describeEvent("policy.created", { version: 2, mode: "enforce", mx: ["mx.example.com"], before });
  expect(created({ mode: "testing" })).toContain("(it was testing)");
  for (const before of [{ mode: "enforce" }, null, "testing", {}])
    expect(created(before)).not.toContain("it was");
});

test("a long text is cut, and a long list ends after twenty", () => {
  const sentence = describeEvent("account.created", { name: "x".repeat(10_000) });
  expect(sentence.length).toBeLessThan(600);
  const hosts = Array.from({ length: 50 }, (_, n) => `mx${n}.example.com`);
  const named = describeEvent("mx.changed", { mxHosts: hosts });
  expect(named).toContain("mx19.example.com");
  expect(named).not.toContain("mx20.example.com");
});
