import { allowsMxHost, checkPolicy } from "@waxseal/mta-sts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { draftPolicy } from "./draft-policy.ts";

const drafts: [string, string[], string[]][] = [
  [
    "other hosts are listed by name",
    ["mx1.example.com", "mx2.example.net"],
    ["mx1.example.com", "mx2.example.net"],
  ],
  [
    "Google Workspace",
    ["aspmx.l.google.com", "alt1.aspmx.l.google.com", "alt4.aspmx.l.google.com"],
    ["aspmx.l.google.com", "*.aspmx.l.google.com"],
  ],
  ["Google Workspace with one host", ["smtp.google.com"], ["smtp.google.com"]],
  ["Microsoft 365", ["example-com.mail.protection.outlook.com"], ["*.mail.protection.outlook.com"]],
  ["Microsoft 365 with DNSSEC", ["example-com.h-v1.mx.microsoft"], ["*.h-v1.mx.microsoft"]],
  [
    "provider and own host",
    ["example-com.mail.protection.outlook.com", "backup.example.com"],
    ["*.mail.protection.outlook.com", "backup.example.com"],
  ],
  ["RFC 5321 §5.1: no MX record means the domain itself", [], ["example.com"]],
];

const unusable: [string, string[], string[]][] = [
  ["the name of a proxied host", ["_dc-mx.8f2c.example.com"], ["example.com"]],
  ["such a name beside a good host", ["_dc-mx.8f2c.example.com", "mx2.example.com"], ["mx2.example.com"]],
  ["an IPv4 address", ["192.0.2.1", "mx.example.com"], ["mx.example.com"]],
  ["an IPv6 address", ["[2001:db8::1]"], ["example.com"]],
  ["an underscore", ["mail_1.example.com"], ["example.com"]],
  ["a single label", ["mail", "mx.example.com"], ["mx.example.com"]],
  ["localhost", ["localhost"], ["example.com"]],
  ["a wildcard", ["*.example.com"], ["example.com"]],
  ["too long", [`${"a".repeat(64)}.example.com`], ["example.com"]],
  ["a null MX beside another", [".", "mx.example.com"], ["mx.example.com"]],
  ["a null MX beside an address", [".", "192.0.2.1"], ["example.com"]],
];

test.each(unusable)(
  "an MX host that no certificate can prove stays out of the draft: %s",
  (_name, hosts, mx) => {
    const draft = draftPolicy(
      "example.com",
      hosts.map((mxHost, index) => ({ mxHost, preference: index })),
    );
    expect(draft).toMatchObject({ mode: "testing", mx });
  },
);

test("the draft for a hosted domain passes our own check for every DNS answer", () => {
  const mxHost = fc.oneof(
    fc.constantFrom(
      ".",
      "",
      "mail",
      "_dc-mx.1.example.com",
      "10.0.0.1",
      "*.com",
      "a".repeat(300),
      "smtp.google.com",
    ),
    fc.string({ maxLength: 40 }),
    fc.domain(),
  );
  fc.assert(
    fc.property(fc.array(fc.record({ mxHost, preference: fc.nat(100) }), { maxLength: 120 }), (mxHosts) => {
      const faults = checkPolicy(draftPolicy("example.com", mxHosts));
      expect(faults.filter(({ severity }) => severity === "error")).toEqual([]);
    }),
  );
});

test.each(drafts)(
  "the first policy covers every MX host and passes its own check: %s",
  (_name, hosts, mx) => {
    const draft = draftPolicy(
      "example.com",
      hosts.map((mxHost, index) => ({ mxHost, preference: index * 10 })),
    );
    expect(draft).toEqual({ mode: "testing", mx, maxAgeSeconds: 604_800 });
    expect(hosts.filter((mxHost) => !allowsMxHost(draft.mx, mxHost))).toEqual([]);
    expect(checkPolicy(draft).filter(({ severity }) => severity === "error")).toEqual([]);
  },
);

test("RFC 7505 §3: a domain that takes no mail gets mode none", () => {
  expect(draftPolicy("example.com", [{ mxHost: ".", preference: 0 }])).toEqual({
    mode: "none",
    mx: ["example.com"],
    maxAgeSeconds: 604_800,
  });
});
