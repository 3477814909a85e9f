import { DAY_MS } from "@waxseal/runtime/time-spans";
import { expect, test } from "vitest";
import { describeFinding } from "./describe-domain-finding.ts";
import { isWatchedCode } from "./describe-watched.ts";
import { healthOf } from "./health-of.ts";
import { FINDING_CODES, type Finding, type JudgedFacts, judgeDomain } from "./judge-domain.ts";
import type { RefusalCause } from "./simulate-policy.ts";
import type { WatchedFacts } from "./watched-facts.ts";

const NOW = new Date("2026-11-29T10:00:00Z");
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS);
const dayBefore = (days: number) => inDays(-days).toISOString().slice(0, 10);
/** Of the last `count` days until `last` days ago, every `step`th. */
const days = (last: number, count: number, step = 1) =>
  Array.from({ length: Math.floor(count / step) }, (_, index) => dayBefore(last + index * step));

type Said = NonNullable<WatchedFacts["reports"]>;
type Changes = Omit<Partial<JudgedFacts>, "watched"> & {
  watched?: Partial<Omit<WatchedFacts, "reports">>;
  said?: Partial<Said> | null;
};

const record = (name: string, state = "correct") => ({
  ...{ name, state, isMisplaced: false, isMisdirected: false, checkedAt: NOW },
});
const RECORDS: JudgedFacts["records"] = {
  policyHost: record("mta-sts.example.com"),
  stsRecord: record("_mta-sts.example.com"),
  tlsRptRecord: record("_smtp._tls.example.com"),
};
const seen = (mxHost: string, first: number, last = 0) => ({
  ...{ mxHost, firstSeenAt: inDays(-first), lastSeenAt: inDays(-last) },
});
const SAID: Said = {
  ...{ hasAny: true, rejected: [], forged: [], pastCauses: [], fetchErrors: [] },
  rhythms: [rhythm("Google", days(1, 28)), rhythm("Microsoft", days(2, 28))],
};

function rhythm(reporter: string, seenDays: string[], changes: Partial<Said["rhythms"][number]> = {}) {
  return { reporter, days: seenDays, delayMs: 0.3 * DAY_MS, isSilentForAll: false, ...changes };
}

function facts({ watched, said, ...changes }: Changes): JudgedFacts {
  return {
    ...{ domain: "example.com", status: "active", mode: "enforce", records: RECORDS, publishProblem: null },
    certificate: { isFailing: false, notBefore: inDays(-30), notAfter: inDays(60), detail: null },
    ...{ uncoveredMxHosts: [], mxCheckedAt: NOW, simulation: null },
    ...{ reporterDays: [], reportDays: days(1, 28) },
    mxHosts: [
      {
        ...{ mxHost: "mx1.example.com", state: "good", fault: null, since: null, probedAt: inDays(-10) },
        ...{ certificateNotAfter: inDays(60), dane: "none" },
      },
    ],
    ...changes,
    watched: {
      ...{ claim: "own", mxSeen: [seen("mx1.example.com", 300)], mxNow: ["mx1.example.com"] },
      ...{
        horizonAt: null,
        enforcedUntil: null,
        leftAt: null,
        tlsRptSince: inDays(-90),
        fetchingNetworks: 8,
      },
      refusals: null,
      reports: said === null ? null : { ...SAID, ...said },
      ...watched,
    },
  };
}

function failing(changes: Partial<RefusalCause> = {}): Pick<JudgedFacts, "simulation"> {
  const cause: RefusalCause = {
    ...{ resultType: "starttls-not-supported", mxHost: "mx1.example.com", sessions: 6, continuing: true },
    ...{ reporters: ["Google", "Microsoft"], firstDay: dayBefore(3), lastDay: dayBefore(2), ...changes },
  };
  return {
    simulation: {
      ...{ reportDays: 14, reporters: ["Google"], sessions: 9_000, refusedSessions: cause.sessions },
      ...{ refusedShare: 0, refusedShareAtMost: 0.01, causes: [cause], withoutPolicySessions: 0 },
    },
  };
}

const OUTLOOK = "example-com.mail.protection.outlook.com";
const toOutlook = { mxSeen: [seen("mx1.example.com", 300), seen(OUTLOOK, 2)] };
const both = { ...toOutlook, mxNow: ["mx1.example.com", OUTLOOK] };
const over = { ...toOutlook, mxNow: [OUTLOOK] };
const oldHost = { mxSeen: [seen("mx1.example.com", 300, 20), seen(OUTLOOK, 300)], mxNow: [OUTLOOK] };
const networks = (ofOneDay: number, ofTwoDays = ofOneDay): WatchedFacts["refusals"] => {
  const all = Array.from({ length: ofTwoDays }, (_, index) => `192.0.${index}.0/24`);
  const reason = "The client does not know the certificate authority.";
  return { ofOneDay: all.slice(0, ofOneDay), ofTwoDays: all, reason, failures: 9 };
};
const never = { hasAny: false, rhythms: [] };
const gone = { ...RECORDS, policyHost: record("mta-sts.example.com", "missing") };
const leaving = { status: "leaving", mode: "none", records: gone } as const;
const left = { status: "left", mode: null } as const;

/** What is known, and what is found, as `code severity`. */
const CASES: [name: string, changes: Changes, found: string[]][] = [
  ["all is well", {}, []],
  ["what was not looked at", { said: null }, []],
  ["its DNS gave it to another account", { watched: { claim: "other" } }, ["claim.lost critical"]],
  [
    "the records of a lost domain point elsewhere",
    { watched: { claim: "other" }, records: gone },
    ["claim.lost critical"],
  ],
  ["no account has it", { watched: { claim: "none" } }, []],
  ["a pending domain of another account", { status: "pending", watched: { claim: "other" } }, []],
  [
    "a host was added",
    {
      watched: {
        mxSeen: [seen("mx1.example.com", 300), seen("mx2.example.com", 2)],
        mxNow: ["mx1.example.com", "mx2.example.com"],
      },
    },
    ["mx.changed notice"],
  ],
  [
    "a host was removed",
    { watched: { mxSeen: [seen("mx1.example.com", 300), seen("mx2.example.com", 300, 2)] } },
    ["mx.changed notice"],
  ],
  [
    "a host was added eight days ago",
    {
      watched: {
        mxSeen: [seen("mx1.example.com", 300), seen("mx2.example.com", 8)],
        mxNow: ["mx1.example.com", "mx2.example.com"],
      },
    },
    [],
  ],
  [
    "the hosts of the first look",
    {
      watched: {
        mxSeen: [seen("mx1.example.com", 1), seen("mx2.example.com", 1)],
        mxNow: ["mx1.example.com", "mx2.example.com"],
      },
    },
    [],
  ],
  [
    "DNS has no mail host at the moment",
    { watched: { mxSeen: [seen("mx1.example.com", 300, 1)], mxNow: [] } },
    [],
  ],
  [
    "a host was added that the policy does not allow",
    {
      uncoveredMxHosts: ["mx2.example.com"],
      watched: {
        mxSeen: [seen("mx1.example.com", 300), seen("mx2.example.com", 2)],
        mxNow: ["mx1.example.com", "mx2.example.com"],
      },
    },
    ["mx.uncovered critical"],
  ],
  ["mail moves to a provider", { watched: both }, ["mx.migration notice"]],
  ["mail has moved to a provider", { watched: over }, ["mx.migration notice"]],
  [
    "mail moves to a host that is not in the policy",
    { watched: both, uncoveredMxHosts: [OUTLOOK] },
    ["mx.uncovered critical", "mx.migration critical"],
  ],
  [
    "the same in testing",
    { mode: "testing", watched: both, uncoveredMxHosts: [OUTLOOK] },
    ["mx.uncovered warning", "mx.migration warning"],
  ],
  ["the same in mode none", { mode: "none", watched: both }, []],
  ["an old host of a move that is long over", { watched: oldHost }, []],
  [
    "another host of the same provider",
    {
      watched: {
        mxSeen: [seen("aspmx.l.google.com", 300), seen("alt1.aspmx.l.google.com", 2)],
        mxNow: ["aspmx.l.google.com", "alt1.aspmx.l.google.com"],
      },
    },
    ["mx.changed notice"],
  ],
  [
    "Microsoft's new host names",
    {
      watched: {
        mxSeen: [seen(OUTLOOK, 300), seen("example-com.h-v1.mx.microsoft", 2)],
        mxNow: [OUTLOOK, "example-com.h-v1.mx.microsoft"],
      },
    },
    ["mx.migration notice"],
  ],
  [
    "three networks do not accept our certificate",
    { watched: { refusals: networks(3) } },
    ["host.refused warning"],
  ],
  ["two of them", { watched: { refusals: networks(2) } }, []],
  ["three in two days", { watched: { refusals: networks(2, 3) } }, []],
  ["a new kind of failure", failing(), ["failures.new warning"]],
  ["one of one sender on one day", failing({ reporters: ["Google"], lastDay: dayBefore(3) }), []],
  ["one of one sender on two days", failing({ reporters: ["Google"] }), ["failures.new warning"]],
  ["four failures", failing({ sessions: 4 }), []],
  [
    "failures that are known",
    { ...failing(), said: { pastCauses: ["starttls-not-supported mx1.example.com"] } },
    [],
  ],
  ["failures of a domain whose reports began with them", { ...failing(), reportDays: days(1, 3) }, []],
  ["new failures that ended a week ago", failing({ firstDay: dayBefore(9), lastDay: dayBefore(8) }), []],
  ["new failures in mode none", { mode: "none", ...failing() }, []],
  [
    "a sender that reported daily is silent",
    { said: { rhythms: [rhythm("Google", days(5, 28)), rhythm("Microsoft", days(1, 28))] } },
    ["reporter.silent notice"],
  ],
  [
    "it is silent for most accounts",
    { said: { rhythms: [rhythm("Google", days(5, 28), { isSilentForAll: true })] } },
    [],
  ],
  [
    "it is not known whether it is",
    { said: { rhythms: [rhythm("Google", days(5, 28), { isSilentForAll: null })] } },
    [],
  ],
  [
    "a sender whose reports come two days late",
    { said: { rhythms: [rhythm("Google", days(3, 28), { delayMs: 2 * DAY_MS })] } },
    [],
  ],
  [
    "a sender that reports every other day, for a week",
    { said: { rhythms: [rhythm("Google", days(7, 28, 2))] } },
    [],
  ],
  [
    "a sender that reports every other day, for twelve days",
    { said: { rhythms: [rhythm("Google", days(12, 28, 2))] } },
    ["reporter.silent notice"],
  ],
  ["a sender that reports now and then", { said: { rhythms: [rhythm("Google", days(20, 28, 4))] } }, []],
  [
    "all senders are silent",
    { reportDays: days(7, 20), said: { rhythms: [rhythm("Google", days(7, 20))] } },
    ["reports.silent notice"],
  ],
  [
    "the reporting record points elsewhere",
    {
      records: { ...RECORDS, tlsRptRecord: record("_smtp._tls.example.com", "wrong") },
      said: { rhythms: [rhythm("Google", days(5, 28))] },
    },
    [],
  ],
  [
    "no report in a week",
    { reportDays: [], said: never, watched: { tlsRptSince: inDays(-7) } },
    ["reports.none notice"],
  ],
  ["no report in six days", { reportDays: [], said: never, watched: { tlsRptSince: inDays(-6) } }, []],
  [
    "little mail, no report in 13 days",
    { reportDays: [], said: never, watched: { tlsRptSince: inDays(-13), fetchingNetworks: 2 } },
    [],
  ],
  [
    "little mail, no report in 14 days",
    { reportDays: [], said: never, watched: { tlsRptSince: inDays(-14), fetchingNetworks: 2 } },
    ["reports.none notice"],
  ],
  ["no reporting record", { reportDays: [], said: never, watched: { tlsRptSince: null } }, []],
  [
    "three unreadable reports",
    { said: { rejected: [{ sender: "google.com", messages: 3 }] } },
    ["reports.rejected notice"],
  ],
  ["two of them", { said: { rejected: [{ sender: "google.com", messages: 2 }] } }, []],
  [
    "a report in the name of Google that another signed",
    { said: { forged: [{ reporter: "Google Inc.", signer: "evil.example", reports: 1 }] } },
    ["reports.forged notice"],
  ],
  [
    "eleven unsigned ones",
    { said: { forged: [{ reporter: "Google Inc.", signer: null, reports: 11 }] } },
    ["reports.forged notice"],
  ],
  ["ten unsigned ones", { said: { forged: [{ reporter: "Google Inc.", signer: null, reports: 10 }] } }, []],
  [
    "a CNAME was deleted while senders enforce the policy",
    { ...leaving, watched: { horizonAt: inDays(5), enforcedUntil: inDays(5) } },
    ["leave.state critical"],
  ],
  [
    "a CNAME was deleted while senders hold mode none",
    { ...leaving, watched: { horizonAt: inDays(1), enforcedUntil: inDays(-1) } },
    ["leave.state warning"],
  ],
  [
    "a CNAME was deleted when no sender holds the policy",
    { ...leaving, watched: { horizonAt: inDays(-1) } },
    [],
  ],
  [
    "the reporting record of a domain that leaves is gone",
    {
      ...leaving,
      records: { ...RECORDS, tlsRptRecord: record("_smtp._tls.example.com", "missing") },
      watched: { horizonAt: inDays(5), enforcedUntil: inDays(5) },
    },
    [],
  ],
  ["a domain has left", { ...left, watched: { leftAt: inDays(-1) } }, ["leave.state notice"]],
  [
    "the records of a domain that left are gone",
    {
      ...left,
      records: { policyHost: gone.policyHost, stsRecord: gone.policyHost, tlsRptRecord: gone.policyHost },
      watched: { leftAt: inDays(-1) },
    },
    [],
  ],
  [
    "a month after it left they are still there",
    { ...left, watched: { leftAt: inDays(-31) } },
    ["leave.state notice"],
  ],
  [
    "a month after it left they were not looked at",
    {
      ...left,
      records: {
        policyHost: { ...RECORDS.policyHost, checkedAt: inDays(-40) },
        stsRecord: { ...RECORDS.stsRecord, checkedAt: inDays(-40) },
        tlsRptRecord: { ...RECORDS.tlsRptRecord, checkedAt: null },
      },
      watched: { leftAt: inDays(-31) },
    },
    [],
  ],
];

test.each(CASES)("the judge: %s", (_, changes, found) => {
  const known = facts(changes);
  const findings = judgeDomain(known, [], NOW);
  expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual(found);
  for (const finding of findings) {
    const sentence = describeFinding(finding, known.mode);
    expect(sentence).toMatch(/^\S.*\.$/);
    expect(sentence).not.toMatch(/undefined|\d{4}-\d\d-\d\d/);
  }
});

test("each of the rarer conditions has a case in which it is true, and is off without what it goes by", () => {
  const seenCodes = CASES.flatMap(([, , found]) => found.map((one) => one.split(" ")[0] ?? ""));
  expect(new Set(seenCodes.filter(isWatchedCode))).toEqual(new Set(FINDING_CODES.filter(isWatchedCode)));
  for (const [, changes] of CASES) {
    const { watched: _, ...known } = facts(changes);
    expect(judgeDomain(known, [], NOW).filter(({ code }) => isWatchedCode(code))).toEqual([]);
  }
});

test("a notice is no fault: the domain stays good, and ready to enforce", () => {
  for (const [name, changes, found] of CASES.filter(([, , codes]) => codes.length > 0)) {
    const known = facts(changes);
    const isNotice = found.every((one) => one.endsWith("notice") && !one.startsWith("reports.silent"));
    if (!isNotice || known.status !== "active") continue;
    expect([name, healthOf(judgeDomain(known, [], NOW), known).state]).toEqual([name, "good"]);
  }
});

test("known conditions continue: refusals while several senders have them, and a new failure after its first day", () => {
  const again = (changes: Changes, previous: readonly Finding[]) =>
    judgeDomain(facts(changes), previous, NOW).map(({ code }) => code);
  const refused = judgeDomain(facts({ watched: { refusals: networks(3) } }), [], NOW);
  expect(again({ watched: { refusals: networks(0, 2) } }, refused)).toEqual(["host.refused"]);
  expect(again({ watched: { refusals: networks(1, 1) } }, refused)).toEqual([]);
  const failed = judgeDomain(facts(failing()), [], NOW);
  const known = { pastCauses: ["starttls-not-supported mx1.example.com"] };
  expect(again({ ...failing(), said: known }, failed)).toEqual(["failures.new"]);
});

test("while the reports are unreachable, their findings stay as before", () => {
  const said = {
    rejected: [{ sender: "google.com", messages: 3 }],
    rhythms: [rhythm("Google", days(5, 28))],
  };
  const known = judgeDomain(facts({ said, ...failing() }), [], NOW);
  expect(known.map(({ code }) => code)).toEqual(["failures.new", "reporter.silent", "reports.rejected"]);
  const away = facts({ reportDays: null, said: null });
  expect(judgeDomain(away, known, NOW).map(({ code }) => code)).toEqual(known.map(({ code }) => code));
});
