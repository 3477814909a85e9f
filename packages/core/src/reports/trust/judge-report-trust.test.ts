import { describe, expect, test } from "vitest";
import { judgeReportTrust } from "./judge-report-trust.ts";
import { findKnownSigners } from "./known-reporters.ts";
import { nameSkeleton } from "./name-skeleton.ts";

const signedBy = (...domains: string[]) => ({ outcome: "verified" as const, domains });

describe("RFC 8460 §7: a forger cannot pass for a large reporter", () => {
  test.each([
    ["Google Inc.", "google.com"],
    ["google.com", "smtp.google.com"],
    ["Microsoft Corporation", "microsoft.com"],
    ["Mail.Ru", "corp.mail.ru"],
    ["Gmail", "google.com"],
    ["Outlook.com", "microsoft.com"],
  ])("%s signs as %s", (name, domain) => {
    // Even where the report gives no contact address.
    expect(judgeReportTrust(signedBy(domain), [], name)).toEqual({
      trust: "aligned",
      submitter: domain,
      claim: null,
    });
  });

  test.each([
    "Google Inc.",
    "GOOGLE",
    "G00gle LLC",
    "Goog1e",
    "GoogIe Inc.",
    "Gооgle",
    "Ｇｏｏｇｌｅ",
    "G o o g l e",
    "Góogle",
    "Google Mail Team",
    "smtp.google.com",
    "google.com.evil.example",
    "Microsoft Corporation",
    "Micr0s0ft",
    "rnicrosoft",
    "Outlook.com",
    "Mail.ru Group",
    "Yahoo! Inc",
    "Fаstmail",
  ])("%s, signed by evil.example, is not aligned and never learned", (name) => {
    for (const domain of ["evil.example", "google.evil.example", "google-reports.example", "notgoogle.com"]) {
      expect(judgeReportTrust(signedBy(domain), [domain], name)).toEqual({
        trust: "signed",
        submitter: domain,
        claim: null,
      });
    }
  });

  test("an owner's signature among several decides", () => {
    const judged = judgeReportTrust(signedBy("relay.example", "google.com"), [], "Google Inc.");
    expect(judged).toMatchObject({ trust: "aligned", submitter: "google.com" });
  });
});

test.each([
  ["Comcast", "comcast.net"],
  ["Xfinity", "mail.comcast.com"],
  ["Mimecast Services Ltd", "eu.mimecastreport.com"],
  ["Yahoo Inc.", "yahooinc.com"],
  ["Fastmail Pty Ltd", "fastmail.com"],
])("%s is learned only for its own domain, since no public report shows who signs: %s", (name, domain) => {
  const registered = domain.split(".").slice(-2).join(".");
  const judged = judgeReportTrust(signedBy(domain), [registered], name);
  expect(judged).toMatchObject({ trust: "aligned", claim: { domain: registered } });
  for (const foreign of [
    `${registered.split(".")[0]}-reports.example`,
    `${registered.split(".")[0]}.example`,
  ]) {
    expect(judgeReportTrust(signedBy(foreign), [foreign], name)).toMatchObject({
      trust: "signed",
      claim: null,
    });
  }
});

test.each(["Alpha Hosting", "Infomaniak Network SA", "Ruhr Mail", "Mail Router GmbH", "postfix.example"])(
  "%s is not taken for a large reporter",
  (name) => {
    expect(findKnownSigners(name)).toBeUndefined();
  },
);

test.each([
  ["mail.sender.example", "mail.sender.example", "aligned"],
  ["Sender.Example", "smtp.sender.example", "aligned"],
  ["a.sender.example", "b.sender.example", "aligned"],
  ["sender.example", "evil.example", "signed"],
  ["sender.co.uk", "other.co.uk", "signed"],
])(
  "an organisation that calls itself %s is signed for by its registered domain: %s is %s",
  (name, domain, trust) => {
    expect(judgeReportTrust(signedBy(domain), [domain, "sender.example"], name)).toMatchObject({
      trust,
      claim: null,
    });
  },
);

test("any other name is learned for a domain that resembles it and that the report itself names", () => {
  const learned = {
    trust: "aligned",
    claim: { nameKey: nameSkeleton("Example Sender"), domain: "sender.example" },
  };
  expect(
    judgeReportTrust(signedBy("mail.sender.example"), ["sender.example"], "Example Sender"),
  ).toMatchObject(learned);
  expect(judgeReportTrust(signedBy("sender.example"), ["other.example"], "Example Sender").trust).toBe(
    "signed",
  );
  expect(judgeReportTrust(signedBy("evil.example"), ["evil.example"], "Example Sender").trust).toBe("signed");
  expect(judgeReportTrust(signedBy("t.example"), ["t.example"], "Example Sender").trust).toBe("signed");
  expect(
    judgeReportTrust(signedBy("acme-widgets.example"), ["acme-widgets.example"], "Acme Widgets GmbH").trust,
  ).toBe("aligned");
});

test("a report without an organisation is its signer's", () => {
  expect(judgeReportTrust(signedBy("sender.example"), [], null)).toMatchObject({
    trust: "aligned",
    claim: null,
  });
});

test("without a valid signature nothing is proven", () => {
  expect(judgeReportTrust({ outcome: "broken" }, ["sender.example"], "Example Sender")).toMatchObject({
    trust: "broken",
    claim: null,
  });
  expect(judgeReportTrust(null, ["google.com"], "Google Inc.")).toEqual({
    trust: "unauthenticated",
    submitter: null,
    claim: null,
  });
});
