import { expect, test } from "vitest";
import { describeFinding } from "./describe-domain-finding.ts";
import { FINDING_CODES, type FindingEvidence } from "./judge-domain.ts";

const describe = (
  code: (typeof FINDING_CODES)[number],
  evidence: FindingEvidence = {},
  mode: "enforce" | "testing" = "enforce",
) => describeFinding({ code, subject: "mx1.example.com", evidence }, mode);

test.each(FINDING_CODES)("%s is in whole sentences, whatever is not known of it", (code) => {
  for (const mode of ["enforce", "testing"] as const) {
    const text = describe(code, {}, mode);
    expect(text).toMatch(/^[A-Z].*\.$|^mx1\.example\.com .*\.$/s);
    expect(text).not.toMatch(/undefined|null|NaN|Infinity| {2}/);
  }
});

test.each(["mx.badTls", "mx.uncovered", "failures.up"] as const)(
  "%s says what it does to mail, by the mode",
  (code) => {
    expect(describe(code, {}, "enforce")).not.toBe(describe(code, {}, "testing"));
  },
);

test("an enforced policy refuses mail, any other only reports it", () => {
  expect(describe("mx.badTls", { fault: "certificate-expired" })).toBe(
    "mx1.example.com has an expired certificate. Mail servers that enforce your policy do not deliver to it.",
  );
  expect(describe("mx.badTls", {}, "testing")).toContain("Mail is still delivered, but would be refused");
  expect(describe("mx.badTls", { hasOthers: true })).toMatch(/Other mail hosts take the mail/);
});

test("an expired certificate is not said to expire", () => {
  const notAfter = new Date("2026-03-10T12:00:00Z");
  expect(describe("mx.expiring", { notAfter, isExpired: true })).toMatch(/ expired on .*Renew it now\.$/);
  expect(describe("mx.expiring", { notAfter })).toMatch(/ expires on .*Renew it before then\.$/);
  expect(describe("host.certificate", { notAfter, isExpired: true })).toMatch(
    /so senders cannot fetch the policy\.$/,
  );
  expect(describe("host.certificate", { notAfter })).toMatch(/the current one expires on /);
  expect(describe("host.certificate", { detail: "The CA does not answer." })).toMatch(
    /No certificate for .* yet\. The CA does not answer\.$/,
  );
});

test("figures of failures are a share of all connections, with the cause when one is known", () => {
  const evidence = { sessions: 9_701, refusedSessions: 899 };
  expect(describe("failures.up", evidence)).toBe(
    "Mail is being refused. 899 of 9,701 connections (9.3%) in 14 days failed.",
  );
  const cause = {
    resultType: "certificate-expired",
    mxHost: "mx1.example.com",
    sessions: 899,
    reporters: [],
    firstDay: "2026-03-01",
    lastDay: "2026-03-10",
    continuing: true,
  };
  expect(describe("failures.up", { ...evidence, cause }, "testing")).toMatch(
    /^Mail fails encryption checks: expired certificate at mx1\.example\.com, last seen on .* 899 of 9,701 /,
  );
  expect(describe("failures.up", { sessions: 0, refusedSessions: 0 })).toContain("(0.0%)");
});

test("a host that no policy can name is explained, and not asked to be added to it", () => {
  const text = describeFinding({ code: "mx.uncovered", subject: "mail.lan", evidence: {} }, "enforce");
  expect(text).toContain("Until then senders will not deliver to it.");
  expect(text).not.toContain("Add it to the policy");
});
