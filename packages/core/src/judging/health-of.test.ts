import { expect, test } from "vitest";
import { healthOf } from "./health-of.ts";
import { FINDING_CODES, type Finding, type FindingEvidence, type JudgedFacts } from "./judge-domain.ts";

type Code = Finding["code"];

function finding(code: Code, evidence: FindingEvidence = {}): Finding {
  return { code, subject: "mx1.example.com", severity: "warning", since: null, move: "owner", evidence };
}

const record = (state: string) => ({
  name: "x",
  state,
  isMisplaced: false,
  isMisdirected: false,
  checkedAt: null,
});

function facts(
  changes: Partial<JudgedFacts> = {},
  states: [string, string] = ["correct", "correct"],
): JudgedFacts {
  const [policyHost, stsRecord] = states.map(record);
  return {
    status: "active",
    mode: "enforce",
    records: { policyHost, stsRecord, tlsRptRecord: record("missing") },
    ...changes,
  } as JudgedFacts;
}

test.each<[Code, FindingEvidence, Partial<JudgedFacts>, string]>([
  ["failures.up", {}, {}, "mail-failing"],
  ["mx.badTls", {}, {}, "mail-failing"],
  ["mx.badTls", { hasOthers: true }, {}, "at-risk"],
  ["mx.uncovered", {}, { mode: "enforce" }, "mail-failing"],
  ["mx.uncovered", {}, { mode: "testing" }, "at-risk"],
  ["mx.uncovered", {}, { mode: null }, "at-risk"],
  ["mx.expiring", {}, {}, "at-risk"],
  ["dane.broken", {}, {}, "at-risk"],
  ["reports.silent", {}, {}, "at-risk"],
  ["cname.wrong", {}, {}, "needs-action"],
  ["cname.missing", {}, {}, "needs-action"],
  ["publish.stuck", {}, {}, "needs-action"],
  ["host.certificate", {}, {}, "needs-action"],
  ["host.certificate", { isExpired: true }, {}, "at-risk"],
  ["host.certificate", { isExpired: true }, { status: "pending" }, "needs-action"],
])("%s with %o at a domain with %o is %s", (code, evidence, changes, state) => {
  const only = finding(code, evidence);
  expect(healthOf([only], facts(changes))).toEqual({ state, worst: only });
});

test.each(["mx.changed", "reporter.silent", "reports.none", "reports.rejected", "reports.forged"] as const)(
  "%s is a notice that leaves a domain's health as it is",
  (code) => {
    expect(healthOf([finding(code)], facts())).toEqual({ state: "good", worst: null });
    const fault = finding("cname.wrong");
    expect(healthOf([finding(code), fault], facts())).toEqual({ state: "needs-action", worst: fault });
  },
);

test.each(["leave.state", "mx.migration"] as const)("%s needs action, unless it is only a notice", (code) => {
  expect(healthOf([finding(code)], facts()).state).toBe("needs-action");
  expect(healthOf([{ ...finding(code), severity: "notice" }], facts()).state).toBe("good");
});

test("every kind of finding has a place: a state that is not good, or none at all", () => {
  for (const code of FINDING_CODES) {
    const { state, worst } = healthOf([finding(code)], facts());
    expect([code, state]).toEqual([
      code,
      expect.stringMatching(/^(mail-failing|at-risk|needs-action|good)$/),
    ]);
    expect(worst === null).toBe(state === "good");
  }
});

test("findings that hold back mail come first, then those that soon will; equals keep their order", () => {
  const found = [
    finding("cname.wrong"),
    finding("mx.expiring"),
    finding("dane.broken"),
    finding("failures.up"),
  ];
  expect(healthOf(found, facts()).worst?.code).toBe("failures.up");
  expect(healthOf(found.slice(0, 3), facts()).worst?.code).toBe("mx.expiring");
  expect(healthOf(found.slice(0, 1), facts()).worst?.code).toBe("cname.wrong");
});

test("a domain that has left is off, whatever is found", () => {
  expect(healthOf([finding("failures.up")], facts({ status: "left" }))).toEqual({
    state: "off",
    worst: null,
  });
});

test.each<[string, JudgedFacts["status"], [string, string], string]>([
  ["an active domain is good", "active", ["missing", "missing"], "good"],
  ["one that leaves is ours to work on", "leaving", ["missing", "missing"], "working"],
  ["a pending one waits for its policy host", "pending", ["missing", "correct"], "waiting"],
  ["a pending one waits for its record", "pending", ["correct", "missing"], "waiting"],
  ["a pending one waits for its DNS servers", "pending", ["unreachable", "correct"], "waiting"],
  ["with both in place we work", "pending", ["correct", "correct"], "working"],
  ["before the first look we work", "pending", ["unchecked", "unchecked"], "working"],
])("without a finding: %s", (_name, status, states, state) => {
  expect(healthOf([], facts({ status }, states))).toEqual({ state, worst: null });
});
