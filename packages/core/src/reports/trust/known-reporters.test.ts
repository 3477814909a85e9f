import { expect, test } from "vitest";
import { findKnownSigners, isListedSigner } from "./known-reporters.ts";

test.each([
  ["Google Inc.", "google.com"],
  ["Gmail", "google.com"],
  ["Microsoft Corporation", "microsoft.com"],
  ["Hotmail", "microsoft.com"],
  ["Outlook.com", "microsoft.com"],
])("RFC 8460 §7: only %s's own domain, which public reports show, may sign for that name", (name, domain) => {
  expect(findKnownSigners(name)).toMatchObject({ domains: [domain], isCertain: true });
});

test.each([
  ["Comcast", ["comcast.net", "comcast.com"]],
  ["Xfinity", ["comcast.net", "comcast.com"]],
  ["Mimecast", ["mimecast.com", "mimecastreport.com"]],
  ["Yahoo Inc.", ["yahoo.com", "yahooinc.com"]],
  ["Fastmail", ["fastmail.com"]],
])("%s's domains have to be learned, as no public report shows who signs", (name, domains) => {
  expect(findKnownSigners(name)).toMatchObject({ domains, isCertain: false });
});

test.each(["GOOGLE", "g00gle", "Goog1e", "Gооgle", "G o o g l e", "Google Workspace", "reports by google"])(
  "RFC 8460 §7: %s passes for the large reporter, and so needs its signature",
  (name) => {
    expect(findKnownSigners(name)?.domains).toEqual(["google.com"]);
  },
);

test.each(["Example Mail", "", "Goggle", "Proton", "Micro Soap"])(
  "%j is a name of no large reporter",
  (name) => {
    expect(findKnownSigners(name)).toBeUndefined();
  },
);

test("domains that sign for a large reporter are listed, and neither their subdomains nor those that look alike", () => {
  for (const domain of ["google.com", "microsoft.com", "comcast.net", "yahooinc.com", "fastmail.com"])
    expect(isListedSigner(domain)).toBe(true);
  for (const domain of ["mail.google.com", "google.com.example", "g00gle.com", "example.com", ""])
    expect(isListedSigner(domain)).toBe(false);
});
