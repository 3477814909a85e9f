import { NO_REASON, SEVERAL_REASONS } from "@waxseal/tls-rpt";
import { expect, test } from "vitest";
import { explainReason, explainResult } from "./explain-result.ts";

/** RFC 8460 §4.3, and what our own counting adds. */
const RESULTS = [
  ...[
    "starttls-not-supported",
    "certificate-host-mismatch",
    "certificate-expired",
    "certificate-not-trusted",
  ],
  ...["validation-failure", "tlsa-invalid", "dnssec-invalid", "dane-required", "sts-policy-fetch-error"],
  ...["sts-policy-invalid", "sts-webpki-invalid", NO_REASON, SEVERAL_REASONS],
];

test.each(RESULTS)("RFC 8460 §4.3: %s has a title, a meaning and a next step in sentences", (resultType) => {
  const { title, meaning, nextStep, usualOwner } = explainResult(resultType);
  expect(title).toMatch(/^[A-Z]/);
  for (const sentence of [meaning, nextStep]) {
    expect(sentence).toMatch(/^[A-Z].*\.$/s);
    expect(sentence).not.toContain(resultType.includes("-") ? resultType : "undefined");
  }
  expect(usualOwner).toMatch(/^[a-z-]+$/);
});

test("no two results read alike", () => {
  const titles = RESULTS.map((resultType) => explainResult(resultType).title);
  expect(new Set(titles).size).toBe(RESULTS.length);
});

test("RFC 8460 §4.3: a result type that is not registered is explained as one we do not know, not as another", () => {
  const { title, meaning } = explainResult("made-up-by-a-sender");
  expect(RESULTS.map((known) => explainResult(known).title)).not.toContain(title);
  expect(meaning).toMatch(/\.$/);
});

test("failures without a reason, and with several, are the sender's to explain", () => {
  for (const own of [NO_REASON, SEVERAL_REASONS, "unknown"])
    expect(explainResult(own).usualOwner).toBe("sender");
});

test("RFC 8460 §4.4: a reason code that says nothing more leaves the result type's explanation", () => {
  expect(explainReason("certificate-expired", null)).toEqual(explainResult("certificate-expired"));
  expect(explainReason("certificate-expired", "")).toEqual(explainResult("certificate-expired"));
});
