import { expect, test } from "vitest";
import { describeFinding } from "./describe-domain-finding.ts";
import { isWatchedCode } from "./describe-watched.ts";
import { healthOf } from "./health-of.ts";
import { FINDING_CODES, type JudgedFacts, judgeDomain, type KnownMxHost } from "./judge-domain.ts";
import type { PolicySimulation } from "./simulate-policy.ts";

const NOW = new Date("2026-11-29T10:00:00Z");
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
const dayBefore = (days: number) => inDays(-days).toISOString().slice(0, 10);

function record(
  name: string,
  state = "correct",
  changes: { isMisplaced?: boolean; isMisdirected?: boolean } = {},
) {
  return { name, state, isMisplaced: false, isMisdirected: false, checkedAt: NOW, ...changes };
}

function host(changes: Partial<KnownMxHost> = {}): KnownMxHost {
  return {
    mxHost: "mx1.example.com",
    state: "good",
    fault: null,
    since: null,
    probedAt: inDays(-10),
    certificateNotAfter: inDays(60),
    dane: "none",
    ...changes,
  };
}

function failing(changes: { sessions?: number; continuing?: boolean } = {}): PolicySimulation {
  const { sessions = 899, continuing = true } = changes;
  return {
    reportDays: 14,
    reporters: ["Google Inc."],
    sessions: 9_701,
    refusedSessions: sessions,
    refusedShare: sessions / 9_701,
    refusedShareAtMost: 0.1,
    causes: [
      {
        resultType: "certificate-expired",
        mxHost: "mx1.example.com",
        sessions,
        reporters: ["Google Inc."],
        firstDay: dayBefore(9),
        lastDay: dayBefore(2),
        continuing,
      },
    ],
    withoutPolicySessions: 0,
  };
}

const RECORDS: JudgedFacts["records"] = {
  policyHost: record("mta-sts.example.com"),
  stsRecord: record("_mta-sts.example.com"),
  tlsRptRecord: record("_smtp._tls.example.com"),
};

function facts(changes: Partial<JudgedFacts> = {}): JudgedFacts {
  return {
    domain: "example.com",
    status: "active",
    mode: "enforce",
    records: RECORDS,
    publishProblem: null,
    certificate: { isFailing: false, notBefore: inDays(-30), notAfter: inDays(60), detail: null },
    uncoveredMxHosts: [],
    mxCheckedAt: NOW,
    mxHosts: [host()],
    simulation: null,
    reporterDays: [],
    reportDays: [],
    ...changes,
  };
}

/** Two reporters of whose sessions that share failed on the last two days. */
const refusedOf = (refused: number): JudgedFacts["reporterDays"] =>
  ["Google Inc.", "Microsoft"].flatMap((reporter) =>
    [1, 2].map((ago) => ({ reporter, day: dayBefore(ago), sessions: 300, refused })),
  );
const failures = { simulation: failing(), reporterDays: refusedOf(60) };
const another = host({ mxHost: "mx2.example.com" });

const testing = { mode: "testing" } as const;
const pending = { status: "pending", mode: "testing" } as const;
const expired = host({ state: "bad", fault: "certificate-expired" });
const daily = (last: number) => Array.from({ length: 8 }, (_, index) => dayBefore(last + index));
const renewed = host({ probedAt: inDays(-0.5) });

/** What is known, the findings by code, and the health that follows. */
const CASES: [string, Partial<JudgedFacts>, string[], string][] = [
  ["all is well", {}, [], "good"],
  ["failures go on", failures, ["failures.up"], "mail-failing"],
  ["failures go on in testing", { ...testing, ...failures }, ["failures.up"], "mail-failing"],
  ["failures are over", { ...failures, simulation: failing({ continuing: false }) }, [], "good"],
  ["failures are too rare", { ...failures, reporterDays: refusedOf(5) }, [], "good"],
  ["the host was good since", { ...failures, mxHosts: [renewed] }, [], "good"],
  ["failures that mode none does not refuse", { mode: "none", ...failures }, [], "good"],
  ["a bad host", { mxHosts: [expired] }, ["mx.badTls"], "mail-failing"],
  ["a bad host beside a good one", { mxHosts: [expired, another] }, ["mx.badTls"], "at-risk"],
  [
    "a bad host beside one that the policy does not allow",
    { mxHosts: [expired, another], uncoveredMxHosts: ["mx2.example.com"] },
    ["mx.uncovered", "mx.badTls"],
    "mail-failing",
  ],
  [
    "a bad host beside one that is unknown",
    { mxHosts: [expired, { ...another, state: "unknown" }] },
    ["mx.badTls"],
    "mail-failing",
  ],
  ["an unknown host", { mxHosts: [host({ state: "unknown" })] }, [], "good"],
  ["a bad host in mode none", { mode: "none", mxHosts: [expired] }, [], "good"],
  ["a host not in the policy", { uncoveredMxHosts: ["mx9.example.com"] }, ["mx.uncovered"], "mail-failing"],
  [
    "a host not in the policy in testing",
    { ...testing, uncoveredMxHosts: ["mx9.example.com"] },
    ["mx.uncovered"],
    "at-risk",
  ],
  ["a host not in the draft", { ...pending, uncoveredMxHosts: ["mx9.example.com"] }, [], "working"],
  [
    "a certificate that ends in 13 days",
    { mxHosts: [host({ certificateNotAfter: inDays(13) })] },
    ["mx.expiring"],
    "at-risk",
  ],
  ["one that ends in 15 days", { mxHosts: [host({ certificateNotAfter: inDays(15) })] }, [], "good"],
  ["DANE does not match", { mxHosts: [host({ dane: "mismatch" })] }, ["dane.broken"], "at-risk"],
  ["DANE is unknown", { mxHosts: [host({ dane: "unknown" })] }, [], "good"],
  ["daily reports ended 7 days ago", { reportDays: daily(7) }, ["reports.silent"], "at-risk"],
  ["daily reports until 3 days ago", { reportDays: daily(3) }, [], "good"],
  ["too few reports to know a rhythm", { reportDays: daily(20).slice(0, 3) }, [], "good"],
  [
    "a record is gone",
    { records: { ...RECORDS, stsRecord: record("_mta-sts.example.com", "missing") } },
    ["cname.missing"],
    "needs-action",
  ],
  [
    "the reporting record is gone after reports came",
    {
      reportDays: daily(2),
      records: { ...RECORDS, tlsRptRecord: record("_smtp._tls.example.com", "missing") },
    },
    ["cname.missing"],
    "needs-action",
  ],
  [
    "a domain without reports lacks the reporting record",
    { records: { ...RECORDS, tlsRptRecord: record("_smtp._tls.example.com", "missing") } },
    [],
    "good",
  ],
  [
    "a record is not published yet",
    { ...pending, records: { ...RECORDS, stsRecord: record("_mta-sts.example.com", "missing") } },
    [],
    "waiting",
  ],
  [
    "a record points elsewhere",
    { records: { ...RECORDS, policyHost: record("mta-sts.example.com", "wrong") } },
    ["cname.wrong"],
    "needs-action",
  ],
  [
    "DNS does not answer",
    { records: { ...RECORDS, policyHost: record("mta-sts.example.com", "unreachable") } },
    [],
    "good",
  ],
  [
    "reports go to another service",
    { records: { ...RECORDS, tlsRptRecord: record("_smtp._tls.example.com", "wrong") } },
    [],
    "good",
  ],
  [
    "our certificate is not renewed",
    {
      certificate: {
        isFailing: true,
        notBefore: inDays(-70),
        notAfter: inDays(20),
        detail: "CAA forbids it.",
      },
    },
    ["host.certificate"],
    "needs-action",
  ],
  [
    "our certificate has expired",
    { certificate: { isFailing: false, notBefore: inDays(-91), notAfter: inDays(-1), detail: null } },
    ["host.certificate"],
    "at-risk",
  ],
  ["a policy is not published", { publishProblem: "It was not served." }, ["publish.stuck"], "needs-action"],
  [
    "mail fails and a record is gone",
    { mxHosts: [expired], records: { ...RECORDS, stsRecord: record("_mta-sts.example.com", "missing") } },
    ["mx.badTls", "cname.missing"],
    "mail-failing",
  ],
  ["a domain that left", { status: "left", mxHosts: [expired] }, [], "off"],
  ["a domain that leaves", { status: "leaving", mode: "none", mxHosts: [expired] }, [], "working"],
];

test.each(CASES)("the judge: %s", (_, changes, codes, state) => {
  const known = facts(changes);
  const findings = judgeDomain(known, [], NOW);
  expect(findings.map(({ code }) => code)).toEqual(codes);
  const health = healthOf(findings, known);
  expect(health).toMatchObject({ state, worst: codes[0] ? { code: codes[0] } : null });
  for (const finding of findings) expect(describeFinding(finding, known.mode)).toMatch(/^\S.*\.$/);
});

test("each condition has a case in which it is true", () => {
  const usual = FINDING_CODES.filter((code) => !isWatchedCode(code));
  expect(new Set(CASES.flatMap(([, , codes]) => codes))).toEqual(new Set(usual));
});

test("known failures continue until there is enough evidence that they are over", () => {
  const unclear = facts({ simulation: failing(), reporterDays: refusedOf(0).slice(0, 1) });
  expect(judgeDomain(unclear, [], NOW)).toEqual([]);
  const known = judgeDomain(facts(failures), [], NOW);
  expect(judgeDomain(unclear, known, NOW)).toMatchObject([
    { code: "failures.up", subject: known[0]?.subject },
  ]);
});

test("a record that DNS does not answer for is as it was before", () => {
  const at = (state: string) =>
    facts({ records: { ...RECORDS, stsRecord: record("_mta-sts.example.com", state) } });
  const gone = judgeDomain(at("missing"), [], NOW);
  expect(judgeDomain(at("unreachable"), gone, NOW)).toEqual(gone);
  expect(judgeDomain(at("correct"), gone, NOW)).toEqual([]);
});

test("while the reports are unreachable, their findings stay as before, and everything else is judged", () => {
  const away = { simulation: null, reporterDays: [], reportDays: null } as const;
  const known = [
    ...judgeDomain(facts(failures), [], NOW),
    ...judgeDomain(facts({ reportDays: daily(7) }), [], NOW),
  ];
  expect(known.map(({ code }) => code)).toEqual(["failures.up", "reports.silent"]);
  const uncovered = { uncoveredMxHosts: ["mx9.example.com"] };
  const findings = judgeDomain(facts({ ...away, ...uncovered }), known, NOW);
  expect(findings.map(({ code }) => code)).toEqual(["failures.up", "mx.uncovered", "reports.silent"]);
  expect(judgeDomain(facts(away), [], NOW)).toEqual([]);
});

test("a condition that is still true keeps the time at which it began, whatever its words", () => {
  const known = facts({ uncoveredMxHosts: ["mx9.example.com"] });
  const first = judgeDomain(known, [], inDays(-3)).map((finding) => ({ ...finding, since: inDays(-3) }));
  expect(judgeDomain({ ...known, mode: "testing" }, first, NOW)).toMatchObject([{ since: inDays(-3) }]);
  expect(judgeDomain(known, [], NOW)).toMatchObject([{ since: null }]);
});

test("a DANE record that does not match is critical in every mode, unless another host takes the mail", () => {
  const severities = (mode: "enforce" | "testing", ...mxHosts: KnownMxHost[]) =>
    judgeDomain(facts({ mode, mxHosts }), [], NOW).map(({ code, severity }) => `${code} ${severity}`);
  const broken = host({ dane: "mismatch" });
  for (const mode of ["enforce", "testing"] as const) {
    expect(severities(mode, broken)).toEqual(["dane.broken critical"]);
    expect(severities(mode, broken, host({ mxHost: "mx2.example.com" }))).toEqual(["dane.broken warning"]);
    const both = host({ mxHost: "mx2.example.com", dane: "mismatch" });
    expect(severities(mode, broken, both)).toEqual(Array(2).fill("dane.broken critical"));
  }
});
