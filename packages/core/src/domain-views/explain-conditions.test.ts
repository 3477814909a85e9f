import { ALERT_CONDITION_CODES } from "@waxseal/contract/alert-conditions";
import type { Alert } from "@waxseal/db";
import { expect, test } from "vitest";
import { FINDING_CODES, type JudgedFacts, judgeDomain, type KnownMxHost } from "../judging/judge-domain.ts";
import { explainConditions } from "./explain-conditions.ts";

const NOW = new Date("2026-11-29T10:00:00Z");
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
const record = (name: string, state = "correct") => ({
  ...{ name, state, isMisplaced: false, isMisdirected: false, checkedAt: NOW },
});
const host = (changes: Partial<KnownMxHost> = {}): KnownMxHost => ({
  ...{ mxHost: "mx1.example.com", state: "good", fault: null, since: null, probedAt: NOW },
  ...{ certificateNotAfter: inDays(60), dane: "none", ...changes },
});
const GOOD: JudgedFacts = {
  ...{ domain: "example.com", status: "active", mode: "enforce", publishProblem: null, simulation: null },
  records: {
    policyHost: record("mta-sts.example.com"),
    stsRecord: record("_mta-sts.example.com"),
    tlsRptRecord: record("_smtp._tls.example.com"),
  },
  certificate: { isFailing: false, notBefore: inDays(-30), notAfter: inDays(60), detail: null },
  ...{ uncoveredMxHosts: [], mxCheckedAt: NOW, mxHosts: [host()] },
  reporterDays: [{ reporter: "Google", day: "2026-11-28", sessions: 50, refused: 0 }],
  reportDays: Array.from({ length: 20 }, (_, day) =>
    inDays(-20 + day)
      .toISOString()
      .slice(0, 10),
  ),
};

const WATCHED: NonNullable<JudgedFacts["watched"]> = {
  ...{
    claim: "own",
    mxSeen: [],
    mxNow: ["mx1.example.com"],
    horizonAt: null,
    enforcedUntil: null,
    leftAt: null,
  },
  ...{ tlsRptSince: inDays(-60), fetchingNetworks: 4, refusals: null },
  reports: {
    ...{ hasAny: true, rejected: [], forged: [], pastCauses: [], fetchErrors: [] },
    rhythms: [{ reporter: "Google", days: ["2026-11-28"], delayMs: 0, isSilentForAll: false }],
  },
};
const alertOf = (condition: string, subject: string, state = "open") =>
  ({ condition, subject, state, severity: "critical" }) as Alert;

function explain(changes: Partial<JudgedFacts> = {}, alerts: Alert[] = []) {
  const facts = { ...GOOD, watched: WATCHED, ...changes };
  return explainConditions({ facts, findings: judgeDomain(facts, [], NOW), alerts });
}
const statesOf = (items: ReturnType<typeof explain>) =>
  Object.fromEntries(items.map(({ condition, state }) => [condition, state]));

test("every condition is explained: of a healthy domain each is clear, with what was looked at and the threshold", () => {
  const items = explain();
  expect(items.map(({ condition }) => condition)).toEqual([...FINDING_CODES]);
  for (const { state, looked, threshold, why, title } of items) {
    expect([title, state]).toEqual([title, "clear"]);
    for (const text of [looked, threshold, why]) expect(text).toMatch(/^[A-Z_\d].+\.$|: correct$|until/s);
    expect(`${looked}${why}`).not.toMatch(/undefined|null|\d{4}-\d\d-\d\d/);
  }
});

test.each<[name: string, changes: Partial<JudgedFacts>, states: Record<string, string>]>([
  [
    "a broken mail host",
    { mxHosts: [host({ state: "bad", fault: "no-starttls" })] },
    { "mx.badTls": "pending" },
  ],
  ["an uncovered one", { uncoveredMxHosts: ["mx2.example.com"] }, { "mx.uncovered": "pending" }],
  [
    "a host that cannot be tested",
    { mxHosts: [host({ state: "unknown", certificateNotAfter: null })] },
    { "mx.badTls": "unknown", "mx.expiring": "unknown" },
  ],
  [
    "DNS that does not answer",
    { records: { ...GOOD.records, stsRecord: record("_mta-sts.example.com", "unreachable") } },
    { "cname.missing": "unknown", "cname.wrong": "unknown" },
  ],
  [
    "reports that cannot be read",
    { reportDays: null },
    { "failures.up": "unknown", "reports.silent": "unknown", "reporter.silent": "unknown" },
  ],
  [
    "no report yet",
    { reportDays: [], reporterDays: [] },
    { "failures.up": "unknown", "reports.silent": "unknown" },
  ],
  [
    "mode none",
    { mode: "none" },
    { "mx.badTls": "off", "mx.uncovered": "off", "failures.up": "off", "cname.missing": "clear" },
  ],
  [
    "a domain that is set up",
    { status: "pending" },
    { "mx.badTls": "off", "cname.missing": "off", "publish.stuck": "off", "reports.none": "off" },
  ],
  [
    "a domain that no account has yet",
    { watched: { ...WATCHED, claim: "none" } },
    { "claim.lost": "unknown", "leave.state": "clear" },
  ],
])("of %s it says what follows", (_name, changes, states) => {
  expect(statesOf(explain(changes))).toMatchObject(states);
});

test("an alert is open once it was seen often enough, and while it is ending", () => {
  const mxHosts = [host({ state: "bad", fault: "certificate-expired" })];
  const open = explain({ mxHosts }, [alertOf("mx.badTls", "mx1.example.com")]);
  expect(statesOf(open)["mx.badTls"]).toBe("open");
  const ending = explain({}, [alertOf("mx.badTls", "mx1.example.com")]);
  expect(ending.find(({ condition }) => condition === "mx.badTls")).toMatchObject({
    ...{ state: "open", subject: "mx1.example.com" },
    why: "It was not seen at the last look. The alert ends when that stays so for 15 minutes.",
  });
});

test("every condition has a name, by which channels take it", () => {
  expect(ALERT_CONDITION_CODES.toSorted()).toEqual([...FINDING_CODES, "channel.dead"].sort());
});
