import { expect, test } from "vitest";
import { type ChangedAlert, isAtLeast, readSeverity, SEVERITIES, worstOf } from "./alert-change.ts";
import { causeKeyOf, mxHostOf } from "./cause-key.ts";

function alert(condition: string, changes: Partial<ChangedAlert> = {}): ChangedAlert {
  return {
    accountId: "a",
    id: "1",
    condition,
    subject: "mx1.example.com",
    domainId: "d1",
    severity: "warning",
    evidence: {},
    ...changes,
  };
}

test("one broken mail host is one cause for all domains that use it", () => {
  const keys = ["d1", "d2"].map((domainId) => causeKeyOf(alert("mx.badTls", { domainId })));
  expect(keys[0]).toBe(keys[1]);
  expect(causeKeyOf(alert("mx.expiring"))).toBe(causeKeyOf(alert("mx.badTls")));
});

test("hosts of one provider with one fault are one cause, with another fault another", () => {
  const at = (subject: string, condition: string) => causeKeyOf(alert(condition, { subject }));
  const [one, two] = ["a.mail.protection.outlook.com", "b.mail.protection.outlook.com"];
  expect(at(one, "mx.badTls")).toBe(at(two, "mx.badTls"));
  expect(at(one, "mx.badTls")).not.toBe(at(one, "mx.expiring"));
  expect(at("mx1.example.com", "mx.badTls")).not.toBe(at("mx2.example.com", "mx.badTls"));
});

test("a host missing from the policy is a separate cause from faults of the host", () => {
  expect(causeKeyOf(alert("mx.uncovered"))).not.toBe(causeKeyOf(alert("mx.badTls")));
  expect(causeKeyOf(alert("mx.uncovered", { domainId: "d2" }))).toBe(causeKeyOf(alert("mx.uncovered")));
});

test("conditions of a domain are one cause per domain, and its records are one cause", () => {
  expect(causeKeyOf(alert("cname.wrong"))).toBe(causeKeyOf(alert("cname.missing", { subject: "other" })));
  expect(causeKeyOf(alert("cname.wrong"))).not.toBe(causeKeyOf(alert("cname.wrong", { domainId: "d2" })));
  expect(causeKeyOf(alert("reports.silent", { domainId: null, subject: "example.com" }))).toBe(
    "reports:example.com",
  );
});

test("failures belong to the host that reports name, and to the domain when they name none", () => {
  const failing = (mxHost: unknown, domainId = "d1") =>
    causeKeyOf(alert("failures.up", { domainId, evidence: { cause: { mxHost } } }));
  expect(failing("mx1.example.com")).toBe(causeKeyOf(alert("mx.badTls")));
  expect(failing(null)).toBe("failures:d1");
  expect(failing(7)).toBe("failures:d1");
  for (const evidence of [null, undefined, "text", 1, { cause: null }])
    expect(causeKeyOf(alert("failures.up", { evidence }))).toBe("failures:d1");
});

test("a key stays the same while only figures and times change", () => {
  const evidence = (sessions: number) => ({
    cause: { mxHost: "mx1.example.com", sessions, lastDay: `2026-03-${sessions}` },
  });
  expect(causeKeyOf(alert("failures.up", { evidence: evidence(10), severity: "critical", id: "2" }))).toBe(
    causeKeyOf(alert("failures.up", { evidence: evidence(20) })),
  );
});

test.each([
  ["mx.badTls", {}, "mx1.example.com"],
  ["mx.uncovered", {}, "mx1.example.com"],
  ["dane.broken", {}, "mx1.example.com"],
  ["failures.up", { cause: { mxHost: "mx2.example.com" } }, "mx2.example.com"],
  ["failures.up", {}, undefined],
  ["cname.wrong", {}, undefined],
  ["host.certificate", {}, undefined],
])("the host of %s with %o is %s", (condition, evidence, host) => {
  expect(mxHostOf(condition, "mx1.example.com", evidence)).toBe(host);
});

test("severities are ordered, and an unknown one is the least", () => {
  expect(SEVERITIES.map((severity) => SEVERITIES.map((least) => isAtLeast(severity, least)))).toEqual([
    [true, true, true],
    [false, true, true],
    [false, false, true],
  ]);
  expect(isAtLeast("something", "notice")).toBe(true);
  expect(isAtLeast("something", "warning")).toBe(false);
  expect(readSeverity("Critical")).toBe("notice");
  expect(isAtLeast("critical", "off")).toBe(false);
});

test("the worst of some severities, of none the least", () => {
  expect(worstOf(["notice", "critical", "warning"])).toBe("critical");
  expect(worstOf(["notice", "warning"])).toBe("warning");
  expect(worstOf([])).toBe("notice");
});
