import { expect, test } from "vitest";
import { findKnownSigners, isListedSigner } from "./known-reporters.ts";
import { nameSkeleton } from "./name-skeleton.ts";

test.each([
  ["case and spaces", "Google Inc.", "google"],
  ["legal forms", "Google LLC", "Google, Ltd."],
  ["words that say nothing", "Google Mail Reports", "google"],
  ["a zero for an o", "G00gle", "Google"],
  ["a one and a capital i for an l", "Goog1e", "GoogIe"],
  ["a Cyrillic о", "Gооgle", "Google"],
  ["a Greek ο", "Gοοgle", "Google"],
  ["full-width letters", "Ｇｏｏｇｌｅ", "Google"],
  ["accents", "Göögle", "Google"],
  ["rn for m", "Mirnecast", "Mimecast"],
  ["vv for w", "Tvvitter", "Twitter"],
  ["signs between letters", "G.o_o-g l/e", "Google"],
  ["a zero-width space", "Goo\u200bgle", "Google"],
])("names that look alike have one skeleton: %s", (_name, one, other) => {
  expect(nameSkeleton(one)).toBe(nameSkeleton(other));
  expect(nameSkeleton(one)).not.toBe("");
});

test.each([
  ["Google", "Goggle"],
  ["Microsoft", "Microsift"],
  ["Comcast", "Mimecast"],
])("%s and %s differ", (one, other) => {
  expect(nameSkeleton(one)).not.toBe(nameSkeleton(other));
});

test("a name made of nothing but such words keeps them, so that it is not everyone's", () => {
  expect(nameSkeleton("Mail Inc")).not.toBe("");
  expect(nameSkeleton("Mail Inc")).not.toBe(nameSkeleton("Email Group"));
  expect(nameSkeleton("***")).toBe("");
});

test.each([
  ["Google Inc.", "google.com", true],
  ["google", "google.com", true],
  ["G00gle Workspace", "google.com", true],
  ["Gmail", "google.com", true],
  ["Microsoft Corporation", "microsoft.com", true],
  ["MICR0S0FT", "microsoft.com", true],
  ["Outlook.com", "microsoft.com", true],
  ["Comcast", "comcast.net", false],
  ["Mimecast Services Ltd", "mimecast.com", false],
  ["Yahoo Inc", "yahoo.com", false],
])("RFC 8460 §7: only known domains sign for %s", (reporter, domain, isCertain) => {
  expect(findKnownSigners(reporter)).toMatchObject({ isCertain });
  expect(findKnownSigners(reporter)?.domains).toContain(domain);
  expect(isListedSigner(domain)).toBe(true);
});

test.each(["Example Mail", "Goo Gull", "Fast Fail", "", "Mail"])(
  "%s is the name of no large reporter",
  (name) => {
    expect(findKnownSigners(name)).toBeUndefined();
  },
);

test.each(["mail.google.com", "google.com.example", "GOOGLE.COM", "notgoogle.com", ""])(
  "%s is not a registered domain that signs for a large reporter",
  (domain) => {
    expect(isListedSigner(domain)).toBe(false);
  },
);
