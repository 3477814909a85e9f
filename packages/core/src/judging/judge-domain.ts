import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { RecordKind } from "../setup-names.ts";
import { expiryAt } from "./expiry-steps.ts";
import { isOver, subjectOf } from "./failure-cause.ts";
import { judgeFailureRate, type ReporterDay } from "./judge-failure-rate.ts";
import { judgeLeaving, judgeRoute } from "./judge-mail-route.ts";
import { judgeNewFailures, judgeReports } from "./judge-reporting.ts";
import type { MxFault } from "./seen-mx-host.ts";
import type { PolicySimulation, RefusalCause } from "./simulate-policy.ts";
import type { WatchedFacts } from "./watched-facts.ts";

/** What can be wrong with a domain. A condition is known by its code and its subject, never by its sentence. */
export const FINDING_CODES = [
  "failures.up",
  "mx.badTls",
  "mx.uncovered",
  "cname.wrong",
  "cname.missing",
  "host.certificate",
  "publish.stuck",
  "mx.expiring",
  "dane.broken",
  "reports.silent",
  "claim.lost",
  "mx.migration",
  "mx.changed",
  "host.refused",
  "failures.new",
  "reporter.silent",
  "reports.none",
  "reports.rejected",
  "reports.forged",
  "leave.state",
] as const;

/** One of `FINDING_CODES`. */
export type FindingCode = (typeof FINDING_CODES)[number];

/** Facts that a finding's sentence is made from, by code. */
export type FindingEvidence = {
  mxHost?: string;
  fault?: MxFault | null;
  /** Whether another MX host takes the mail. */
  hasOthers?: boolean;
  notAfter?: Date;
  /** Whether `notAfter` is past. */
  isExpired?: boolean;
  name?: string;
  cause?: RefusalCause;
  sessions?: number;
  refusedSessions?: number;
  lastReportDay?: string;
  detail?: string;
  /** It opened more than three times in a day; known of alerts only. */
  comesAndGoes?: boolean;
  /** A sender of reports, or several. */
  reporters?: string[];
  /** Who signed reports under another's name. */
  signer?: string;
  count?: number;
  hosts?: string[];
  oldHosts?: string[];
  provider?: string;
  untilDay?: string;
  /** When the first of `hosts` came, and the last of `oldHosts` left; undefined while one of these is still used. */
  sinceDay?: string;
  leftDay?: string;
  /** A CNAME still points to us although we no longer serve the domain. */
  isDangling?: boolean;
};

/**
 * One thing that is wrong. `subject`: the MX host, record or cause it is about; `since`: when it began, null where no fact dates it;
 * `move`: who can correct it.
 */
export type Finding = {
  code: FindingCode;
  subject: string;
  severity: "critical" | "warning" | "notice";
  since: Date | null;
  move: "owner" | "mx-operator" | "dns-operator" | "us";
  evidence: FindingEvidence;
};

/** One MX host as confirmed looks know it: `bad` and `good` each took two looks. */
export type KnownMxHost = {
  mxHost: string;
  state: "good" | "bad" | "unknown";
  fault: MxFault | null;
  since: Date | null;
  probedAt: Date;
  certificateNotAfter: Date | null;
  /** Undefined where it was not noted. */
  certificateNotBefore?: Date | null;
  dane: "none" | "match" | "mismatch" | "unknown";
};

/** What is known of a domain. Null is unknown, which is neither good nor bad. Reports are `aligned` ones only. */
export type JudgedFacts = {
  domain: string;
  status: "pending" | "active" | "leaving" | "left";
  mode: "enforce" | "testing" | "none" | null;
  records: Record<
    RecordKind,
    { name: string; state: string; isMisplaced: boolean; isMisdirected: boolean; checkedAt: Date | null }
  >;
  publishProblem: string | null;
  /** Certificate of our policy host; null without one. */
  certificate: {
    isFailing: boolean;
    notBefore: Date | null;
    notAfter: Date | null;
    detail: string | null;
  } | null;
  uncoveredMxHosts: readonly string[];
  mxCheckedAt: Date | null;
  /** Only hosts of the domain's present MX. */
  mxHosts: readonly KnownMxHost[];
  /** What the served policy would have refused in the last 14 days; null without trusted reports of failures. */
  simulation: PolicySimulation | null;
  /** What each reporter says of each of the last four weeks, or five where sessions failed. */
  reporterDays: readonly ReporterDay[];
  /** Days with trusted reports of the last 28, as `YYYY-MM-DD`; null where reports could not be asked: what they said is as it was. */
  reportDays: readonly string[] | null;
  /** What notices and rarer conditions go by; undefined where it was not asked for, which is unknown. */
  watched?: WatchedFacts;
};

const URGENT_MS = 2 * DAY_MS;

/**
 * Decides what is wrong with a domain. Everything that says how a domain is doing derives from this.
 *
 * `previous` keeps the time at which a condition that is still true began.
 */
export function judgeDomain(facts: JudgedFacts, previous: readonly Finding[], now: Date): Finding[] {
  const drafts =
    facts.status === "leaving" || facts.status === "left"
      ? judgeLeaving(facts, judgeRecords(facts, previous), now)
      : judgeServed(facts, previous, now);
  return drafts.map((draft) => {
    const known = previous.find(({ code, subject }) => code === draft.code && subject === draft.subject);
    return { ...draft, since: known?.since ?? draft.since };
  });
}

/** What explains something else takes its place: a lost domain its records, a broken host the failures that senders report. */
function judgeServed(facts: JudgedFacts, previous: readonly Finding[], now: Date): Finding[] {
  const failures = judgeFailures(facts, previous, now);
  const hosts = judgeMxHosts(facts, previous, now);
  const route = judgeRoute(facts, previous, hosts, now);
  const isLost = route.some(({ code }) => code === "claim.lost");
  return [
    ...failures,
    ...hosts,
    ...(isLost ? [] : judgeRecords(facts, previous)),
    ...judgeHosting(facts, now),
    ...route,
    ...judgeNewFailures(facts, previous, [...failures, ...hosts], now),
    ...judgeReports(facts, previous, now),
  ];
}

/** Only failures that enforcement refuses, and more than usual; a host that was good after the last of them is over. */
function judgeFailures(facts: JudgedFacts, previous: readonly Finding[], now: Date): Finding[] {
  const { status, simulation, mxHosts, mode, reporterDays } = facts;
  if (facts.reportDays === null) return previous.filter(({ code }) => code === "failures.up");
  if (status !== "active" || !simulation || mode === "none") return [];
  const going = simulation.causes.filter((cause) => cause.continuing && !isOver(cause, mxHosts));
  const known = previous.filter(({ code }) => code === "failures.up");
  const since = known[0]?.since ?? null;
  const rate = judgeFailureRate(reporterDays, dayOf(now), since && dayOf(since));
  const isFailing = rate === "failing" || rate === "total" || (rate === "unclear" && known.length > 0);
  // The subject stays the same while it still fails, even when another subject now fails more often.
  const cause = going.find((one) => known.some(({ subject }) => subject === subjectOf(one))) ?? going[0];
  if (!isFailing || !cause) return [];
  const { sessions, refusedSessions } = simulation;
  return [
    {
      code: "failures.up",
      subject: subjectOf(cause),
      severity: mode === "enforce" && rate === "total" ? "critical" : "warning",
      since: new Date(`${cause.firstDay}T00:00:00Z`),
      move: "mx-operator",
      evidence: { cause, sessions, refusedSessions },
    },
  ];
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** A pending domain's policy is a draft that no sender knows. */
function judgeMxHosts(
  { status, mode, mxHosts, uncoveredMxHosts }: JudgedFacts,
  previous: readonly Finding[],
  now: Date,
): Finding[] {
  if (status !== "active" || mode === null || mode === "none") return [];
  const severity = mode === "enforce" ? "critical" : "warning";
  const uncovered = uncoveredMxHosts.map((mxHost): Finding => {
    const evidence = { mxHost };
    return { code: "mx.uncovered", subject: mxHost, severity, since: null, move: "owner", evidence };
  });
  const seen = mxHosts.flatMap((host): Finding[] => {
    const { mxHost, fault, certificateNotAfter: notAfter } = host;
    const about = { subject: mxHost, since: host.since };
    if (host.state === "bad") {
      const hasOthers = mxHosts.some(
        (other) => other.state === "good" && !uncoveredMxHosts.includes(other.mxHost),
      );
      const evidence = { mxHost, fault, hasOthers, ...(notAfter && { notAfter }) };
      const weight = hasOthers ? "warning" : severity;
      return [{ ...about, code: "mx.badTls", severity: weight, move: "mx-operator", evidence }];
    }
    const drafts: Finding[] = [];
    const wasBroken = previous.some(({ code, subject }) => code === "dane.broken" && subject === mxHost);
    if (host.dane === "mismatch" || (host.dane === "unknown" && wasBroken)) {
      // Whatever the mode of the policy: senders that check DANE refuse the host now.
      const hasOthers = mxHosts.some(
        (other) => other.mxHost !== mxHost && other.state === "good" && other.dane !== "mismatch",
      );
      const weight = hasOthers ? "warning" : "critical";
      const evidence = { mxHost, hasOthers };
      drafts.push({ ...about, code: "dane.broken", severity: weight, move: "dns-operator", evidence });
    }
    const notBefore = host.certificateNotBefore ?? null;
    const step = notAfter ? expiryAt({ mxHost, notBefore, notAfter }, now) : undefined;
    if (notAfter && step) {
      const evidence = { mxHost, notAfter, isExpired: notAfter.getTime() <= now.getTime() };
      const isLess = step.severity === "critical" && (severity === "warning" || mxHosts.length > 1);
      const weight = { since: step.since, severity: isLess ? "warning" : step.severity };
      drafts.push({ ...about, ...weight, code: "mx.expiring", move: "mx-operator", evidence });
    }
    return drafts;
  });
  return [...uncovered, ...seen];
}

/** A record that DNS did not answer for is as it was before; one that a pending domain lacks is a step not done yet. */
function judgeRecords(facts: JudgedFacts, previous: readonly Finding[]): Finding[] {
  const { status, mode, records } = facts;
  const isLive = status !== "pending";
  return (Object.keys(records) as RecordKind[]).flatMap((kind): Finding[] => {
    const { name, state, isMisplaced, isMisdirected } = records[kind];
    const isHosting = kind !== "tlsRptRecord";
    const severity = isLive && isHosting && mode === "enforce" ? "critical" : "warning";
    const draft = { subject: name, severity, since: null, move: "owner", evidence: { name } } as const;
    if (state === "unreachable") {
      const isSame = ({ code, subject }: Finding) => code.startsWith("cname.") && subject === name;
      return previous.filter(isSame).map(({ code }) => ({ ...draft, code }));
    }
    if (state === "wrong") {
      return isHosting || isMisdirected ? [{ ...draft, code: "cname.wrong" }] : [];
    }
    if (state !== "missing") return [];
    if (isMisplaced) return [{ ...draft, code: "cname.wrong" }];
    // Who never had reports has chosen to go without.
    const isMissed = isHosting || (facts.reportDays?.length ?? 0) > 0;
    return isLive && isMissed ? [{ ...draft, code: "cname.missing" }] : [];
  });
}

function judgeHosting(facts: JudgedFacts, now: Date): Finding[] {
  const { domain, status, publishProblem, certificate, records } = facts;
  const isPointed = records.policyHost.state === "correct";
  const drafts: Finding[] = [];
  if (publishProblem !== null && (status === "active" || (isPointed && certificate?.notAfter))) {
    const about = { subject: domain, severity: "warning", since: null, move: "us" } as const;
    drafts.push({ ...about, code: "publish.stuck", evidence: { detail: publishProblem } });
  }
  return [...drafts, ...judgeCertificate(facts, now)];
}

/** Renewal begins early, so that it may fail for a while; a certificate that has ended is a fault whatever renewal says. */
function judgeCertificate({ status, certificate, records }: JudgedFacts, now: Date): Finding[] {
  if (!certificate) return [];
  const { isFailing, notBefore, notAfter, detail } = certificate;
  const isExpired = notAfter !== null && notAfter <= now;
  const isFirst = status === "pending" && isFailing && records.policyHost.state === "correct";
  if (!isFirst && !(status === "active" && notAfter && (isFailing || isExpired))) return [];
  const restMs = (notAfter ?? now).getTime() - now.getTime();
  const lifeMs = (notAfter ?? now).getTime() - (notBefore ?? now).getTime();
  const isShort = restMs < lifeMs / 6;
  const severity = !notAfter ? "warning" : restMs < URGENT_MS ? "critical" : isShort ? "warning" : "notice";
  const evidence = { ...(isFailing && detail && { detail }), ...(notAfter && { notAfter }), isExpired };
  const about = { subject: records.policyHost.name, move: "us", evidence } as const;
  return [{ ...about, code: "host.certificate", severity, since: isExpired ? notAfter : null }];
}
