import { allowsMxHost, checkPolicy } from "@waxseal/mta-sts";
import { expect, test } from "vitest";
import { draftPolicy } from "./draft-policy.ts";

const drafts: [string, string[], string[]][] = [
  [
    "other hosts stand by name",
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
