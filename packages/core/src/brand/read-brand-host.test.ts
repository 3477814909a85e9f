import { expect, test } from "vitest";
import { readBrandHost } from "./read-brand-host.ts";

const OWN = {
  publicUrl: "https://app.waxseal.example",
  hostedZone: "hosted.waxseal.example",
  reportsDomain: "reports.example",
  reportsHost: "upload.reports.example",
};

test.each([
  ["mail.provider.example", "mail.provider.example"],
  [" HTTPS://Mail.Provider.Example/path ", "mail.provider.example"],
  ["mail.bücher.example", "mail.xn--bcher-kva.example"],
  ["a.mail.provider.co.uk", "a.mail.provider.co.uk"],
])("%s is read as %s", (text, host) => {
  expect(readBrandHost(text, OWN)).toEqual({ ok: true, host });
});

test.each([
  ["app.waxseal.example", /this installation/, "the dashboard's own host"],
  ["x.app.waxseal.example", /this installation/, "below it"],
  ["waxseal.example", /this installation/, "above it"],
  ["token.mta-sts.hosted.waxseal.example", /records of a mail domain/, "a policy host of the zone"],
  ["x.hosted.waxseal.example", /./, "in the hosted zone"],
  ["reports.example", /this installation/, "where reports go"],
  ["mx.reports.example", /this installation/, "their mail host"],
  ["upload.reports.example", /this installation/, "their upload host"],
  ["mta-sts.provider.example", /records of a mail domain/, "a policy host"],
  ["_smtp._tls.provider.example", /records of a mail domain/, "a record of TLS-RPT"],
  ["provider.example", /can't have a CNAME/, "a name that has SOA and NS"],
  ["co.uk", /./, "a public suffix"],
  ["localhost", /./, "one label"],
  ["192.0.2.1", /./, "an address"],
  ["", /./, "nothing"],
  ["mail provider.example", /./, "a space"],
])("%s is refused: %s (%s)", (text, problem) => {
  expect(readBrandHost(text, OWN)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
});
