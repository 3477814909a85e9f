import { createSelfSignedPair } from "@waxseal/runtime";
import { expect, test } from "vitest";
import { RFC9773_CERTIFICATE } from "../../testing/rfc9773-certificate.ts";
import { certificateId } from "./certificate-id.ts";
import { explainAcmeRefusal } from "./explain-acme-refusal.ts";
import { findAccountCheckingIdentities, findCaLimits, findStagingUrl } from "./known-cas.ts";
import { parseRetryAfter } from "./parse-retry-after.ts";

test("RFC 9773 §4.1: a certificate is named by its issuer's key and its serial, with the zero of a high first bit", () => {
  expect(certificateId(RFC9773_CERTIFICATE)).toBe("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
});

test("a certificate that does not name its issuer's key has no such name", () => {
  expect(certificateId(createSelfSignedPair(["example.com"], new Date()).cert)).toBeUndefined();
});

const NOW = new Date("2026-03-10T12:00:00Z");

test.each<[string, unknown, number | undefined]>([
  ["seconds", "120", 120_000],
  ["seconds with blanks", " 120 ", 120_000],
  ["no time", "0", 0],
  ["a date", "Tue, 10 Mar 2026 12:01:00 GMT", 60_000],
  ["a date in the past", "Tue, 10 Mar 2026 11:00:00 GMT", 0],
  ["more than a week", "99999999", 7 * 86_400_000],
  ["a date far away", "Tue, 10 Mar 2099 12:00:00 GMT", 7 * 86_400_000],
  ["a number too long to be one", "99999999999999", undefined],
  ["part of a second", "1.5x", undefined],
  ["words", "later", undefined],
  ["nothing", "", undefined],
  ["no header", undefined, undefined],
  ["two headers", ["1", "2"], undefined],
])("RFC 9110 §10.2.3: Retry-After with %s", (_name, header, waitMs) => {
  expect(parseRetryAfter(header, NOW)).toBe(waitMs);
});

test("RFC 8555 §6.7: the main reason of a refusal that we know is explained, in our words alone", () => {
  expect(explainAcmeRefusal(["caa", "dns"])).toContain("a CAA record forbids it");
  expect(explainAcmeRefusal(["compound", "dns"])).toContain("could not look up the name");
  for (const types of [[], ["serverInternal"], ["__proto__"], ["toString"]])
    expect(explainAcmeRefusal(types)).toBe(
      "it gave a reason that concerns us. Nothing for you to do: we try again and look into it.",
    );
});

test("limits, staging and CAA names are known of Let's Encrypt, and assumed of no other CA", () => {
  const url = "https://acme-v02.api.letsencrypt.org/directory";
  expect(findCaLimits(url)?.certificatesPerHost).toEqual({ count: 5, windowMs: 168 * 3_600_000 });
  expect(findStagingUrl(url)).toBe("https://acme-staging-v02.api.letsencrypt.org/directory");
  expect(findAccountCheckingIdentities(url)).toEqual(["letsencrypt.org"]);
  for (const other of ["https://ca.example/directory", "https://letsencrypt.org.example/directory"])
    expect([findCaLimits(other), findStagingUrl(other), findAccountCheckingIdentities(other)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
});
