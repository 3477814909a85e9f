import { allowsMxHost } from "@waxseal/mta-sts";
import { expect, test } from "vitest";
import { blameHandshakeFailure, explainHandshakeFailure } from "./explain-handshake-failure.ts";
import { explainMxPattern } from "./explain-mx-pattern.ts";
import { findMailProvider } from "./find-mail-provider.ts";

const HOSTS: [string, string][] = [
  ["example-com.mail.protection.outlook.com", "Microsoft 365"],
  ["example-com.h-v1.mx.microsoft", "Microsoft 365"],
  ["aspmx.l.google.com", "Google Workspace"],
  ["alt1.aspmx.l.google.com", "Google Workspace"],
  ["smtp.google.com", "Google Workspace"],
  ["aspmx2.googlemail.com", "Google Workspace"],
  ["in1-smtp.messagingengine.com", "Fastmail"],
  ["mx.zoho.eu", "Zoho Mail"],
];

test.each(HOSTS)("%s is a host of %s, and its patterns cover it", (mxHost, name) => {
  const provider = findMailProvider(mxHost);
  expect(provider?.name).toBe(name);
  expect(allowsMxHost(provider?.mxPatterns ?? [], mxHost)).toBe(true);
});

test.each([
  "mx.example.com",
  "outlook.com",
  "mail.protection.outlook.com",
  "fakeaspmx.l.google.com.example.net",
  "notaspmx.l.google.com",
  "www.google.com",
  "xsmtp.google.com",
  "mx.microsoft",
  "",
])("%o is a host of no provider we know", (mxHost) => {
  expect(findMailProvider(mxHost)).toBeUndefined();
});

test("no pattern allows hosts that another customer of the provider can have", () => {
  for (const [mxHost] of HOSTS)
    for (const pattern of findMailProvider(mxHost)?.mxPatterns ?? [])
      for (const other of [
        "www.google.com",
        "evil.googlemail.com",
        "evil.zoho.eu",
        "evil.messagingengine.com",
      ])
        expect([pattern, allowsMxHost([pattern], other)]).toEqual([pattern, false]);
});

test.each([
  ["*.mail.protection.outlook.com", "example.com", [], "the wildcard is safe"],
  ["*.h-v1.mx.microsoft", "example.com", [], "the wildcard is safe"],
  ["aspmx.l.google.com", "example.com", [], "matches exactly one label"],
  ["mx9.example.com", "example.com", ["mx1.example.com"], "no MX host needs it now"],
  ["*.example.com", "example.com", ["mx1.example.com"], "every host one label below example.com"],
  ["*.example.com", "example.com", ["a.b.example.com"], "no MX host needs it now"],
  ["mx.zoho.eu", "example.com", ["mx.zoho.eu"], "the hosts of Zoho Mail's other customers"],
  ["example.com", "example.com", ["example.com"], "it has no MX record"],
  ["mx1.example.com", "example.com", ["mx1.example.com"], "By name, so that no other host is allowed"],
  ["constructor", "example.com", [], "no MX host needs it now"],
])("RFC 8461 §4.1: the pattern %s of %s is explained", (pattern, domain, mxHosts, part) => {
  expect(explainMxPattern(pattern, domain, mxHosts)).toContain(part);
});

test.each([
  ["no-certificate", "us"],
  ["unavailable", "us"],
  ["version-too-low", "client"],
  ["tlsv1-alert-unknown-ca", "client"],
  ["econnreset", "unknown"],
  ["http-request", "unknown"],
  ["something-new", "unknown"],
  ["toString", "unknown"],
])("a handshake that fails with %s is caused by %s, and explained in a sentence", (reason, who) => {
  expect(blameHandshakeFailure(reason)).toBe(who);
  expect(explainHandshakeFailure(reason)).toMatch(/^[A-Z].*\.$/);
});
