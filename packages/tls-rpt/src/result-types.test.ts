import { expect, test } from "vitest";
import { explainResultType, findResultType, RESULT_TYPES } from "./result-types.ts";

test("RFC 8460 §6.6: the registry holds the eleven registered result types in their groups", () => {
  expect(Object.groupBy(RESULT_TYPES, (each) => each.group)).toMatchObject({
    negotiation: [
      { value: "starttls-not-supported" },
      { value: "certificate-host-mismatch" },
      { value: "certificate-expired" },
      { value: "certificate-not-trusted" },
    ],
    general: [{ value: "validation-failure" }],
    dane: [{ value: "tlsa-invalid" }, { value: "dnssec-invalid" }, { value: "dane-required" }],
    "mta-sts": [
      { value: "sts-policy-fetch-error" },
      { value: "sts-policy-invalid" },
      { value: "sts-webpki-invalid" },
    ],
  });
});

test("RFC 8460 §4.3: every result type is explained in words of its own", () => {
  for (const key of ["title", "meaning", "nextStep"] as const) {
    expect(new Set(RESULT_TYPES.map((each) => each[key])).size).toBe(RESULT_TYPES.length);
  }
  for (const { title, meaning, nextStep } of RESULT_TYPES) {
    expect(title.length).toBeLessThan(50);
    expect(meaning).toMatch(/\.$/);
    expect(nextStep).toMatch(/\.$/);
  }
});

test("RFC 8460 §6.6: an unregistered result type is explained under its own name", () => {
  expect(findResultType("made-up")).toBeUndefined();
  expect(explainResultType("made-up")).toMatchObject({
    value: "made-up",
    group: "general",
    usualOwner: "sender",
  });
  expect(explainResultType("constructor")).toMatchObject({
    value: "constructor",
    title: "Failure of an unknown kind",
  });
});

test("RFC 8460 §6.6: a registered result type is found whatever its letter case", () => {
  expect(explainResultType("Certificate-Expired")).toBe(findResultType("certificate-expired"));
});
