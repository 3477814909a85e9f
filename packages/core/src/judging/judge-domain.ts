import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { RecordKind } from "../setup-names.ts";
import { isMuchRefused } from "./continuing-refusals.ts";
import type { MxFault } from "./seen-mx-host.ts";
import type { PolicySimulation, RefusalCause } from "./simulate-policy.ts";

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
] as const;

/** One of `FINDING_CODES`. */
export type FindingCode = (typeof FINDING_CODES)[number];

/** Facts that a finding's sentence is made from, by code. */
export type FindingEvidence = {
  mxHost?: string;
  fault?: MxFault | null;
  notAfter?: Date;
  name?: string;
  cause?: RefusalCause;
  sessions?: number;
  refusedSessions?: number;
  lastReportDay?: string;
  detail?: string;
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
  /** Of our policy host; null without one. */
  certificate: { isFailing: boolean; notAfter: Date | null; detail: string | null } | null;
  uncoveredMxHosts: readonly string[];
  /** Only hosts of the domain's present MX. */
  mxHosts: readonly KnownMxHost[];
  /** What the served policy would have refused in the last 14 days; null without trusted reports of failures. */
  simulation: PolicySimulation | null;
  /** Days with trusted reports of the last 28, as `YYYY-MM-DD`. */
  reportDays: readonly string[];
};

const EXPIRING_MS = 14 * DAY_MS;
/** Reports come up to two days late, and few senders report every day. */
const SILENT_DAYS = 5;
const RHYTHM_DAYS = 7;

/**
 * Decides what is wrong with a domain. Everything that says how a domain is doing derives from this.
 *
 * `previous` keeps the time at which a condition that is still true began.
 */
export function judgeDomain(facts: JudgedFacts, previous: readonly Finding[], now: Date): Finding[] {
  if (facts.status === "left") return [];
  const drafts =
    facts.status === "leaving"
      ? judgeRecords(facts)
      : [
          ...judgeFailures(facts),
          ...judgeMxHosts(facts, now),
          ...judgeRecords(facts),
          ...judgeHosting(facts),
          ...judgeReports(facts, now),
        ];
  return drafts.map((draft) => {
    const known = previous.find(({ code, subject }) => code === draft.code && subject === draft.subject);
    return { ...draft, since: known?.since ?? draft.since };
  });
}

/** Only failures that enforcement refuses and that still go on; a host that was good after the last of them is over. */
function judgeFailures({ status, simulation, mxHosts, mode }: JudgedFacts): Finding[] {
  if (status !== "active" || !simulation || mode === "none") return [];
  const going = simulation.causes.filter((cause) => cause.continuing && !isOver(cause, mxHosts));
  const [cause] = going;
  if (!cause || !isMuchRefused(going, simulation)) return [];
  const { sessions, refusedSessions } = simulation;
  return [
    {
      code: "failures.up",
      subject: `${cause.resultType} ${cause.mxHost ?? ""}`.trim(),
      severity: "critical",
      since: new Date(`${cause.firstDay}T00:00:00Z`),
      move: "mx-operator",
      evidence: { cause, sessions, refusedSessions },
    },
  ];
}

function isOver({ mxHost, lastDay }: RefusalCause, mxHosts: readonly KnownMxHost[]): boolean {
  const endOfDay = new Date(`${lastDay}T00:00:00Z`).getTime() + DAY_MS;
  const named = mxHosts.filter((host) => mxHost === null || host.mxHost === mxHost);
  return (
    named.length > 0 &&
    named.every(({ state, probedAt }) => state === "good" && probedAt.getTime() >= endOfDay)
  );
}

/** A pending domain's policy is a draft that no sender knows. */
function judgeMxHosts({ status, mode, mxHosts, uncoveredMxHosts }: JudgedFacts, now: Date): Finding[] {
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
      const evidence = { mxHost, fault, ...(notAfter && { notAfter }) };
      return [{ ...about, code: "mx.badTls", severity: "critical", move: "mx-operator", evidence }];
    }
    const drafts: Finding[] = [];
    if (host.dane === "mismatch") {
      const evidence = { mxHost };
      drafts.push({ ...about, code: "dane.broken", severity: "warning", move: "dns-operator", evidence });
    }
    if (notAfter && notAfter.getTime() - now.getTime() <= EXPIRING_MS) {
      const since = new Date(notAfter.getTime() - EXPIRING_MS);
      const evidence = { mxHost, notAfter };
      drafts.push({
        ...about,
        since,
        code: "mx.expiring",
        severity: "warning",
        move: "mx-operator",
        evidence,
      });
    }
    return drafts;
  });
  return [...uncovered, ...seen];
}

/** A record that DNS did not answer for is unknown; one that a pending domain lacks is a step not done yet. */
function judgeRecords({ status, mode, records }: JudgedFacts): Finding[] {
  const isLive = status !== "pending";
  return (Object.keys(records) as RecordKind[]).flatMap((kind): Finding[] => {
    const { name, state, isMisplaced, isMisdirected } = records[kind];
    const isHosting = kind !== "tlsRptRecord";
    const severity = isLive && isHosting && mode === "enforce" ? "critical" : "warning";
    const draft = { subject: name, severity, since: null, move: "owner", evidence: { name } } as const;
    if (state === "wrong") {
      return isHosting || isMisdirected ? [{ ...draft, code: "cname.wrong" }] : [];
    }
    if (state !== "missing") return [];
    if (isMisplaced) return [{ ...draft, code: "cname.wrong" }];
    return isLive && isHosting ? [{ ...draft, code: "cname.missing" }] : [];
  });
}

function judgeHosting({ domain, status, publishProblem, certificate, records }: JudgedFacts): Finding[] {
  const drafts: Finding[] = [];
  const isPointed = records.policyHost.state === "correct";
  if (publishProblem !== null && (status === "active" || (isPointed && certificate?.notAfter))) {
    const evidence = { detail: publishProblem };
    drafts.push({
      code: "publish.stuck",
      subject: domain,
      severity: "warning",
      since: null,
      move: "us",
      evidence,
    });
  }
  if (certificate?.isFailing && (status === "active" ? certificate.notAfter : isPointed)) {
    const evidence = {
      ...(certificate.detail && { detail: certificate.detail }),
      ...(certificate.notAfter && { notAfter: certificate.notAfter }),
    };
    const about = { subject: records.policyHost.name, since: null, move: "us", evidence } as const;
    drafts.push({ ...about, code: "host.certificate", severity: "warning" });
  }
  return drafts;
}

/** Silent for three times the usual pause between reports. Below seven days with reports no rhythm is known. */
function judgeReports({ domain, status, records, reportDays }: JudgedFacts, now: Date): Finding[] {
  const days = [...new Set(reportDays)].sort();
  const [first, last] = [days[0], days.at(-1)];
  if (status !== "active" || !first || !last || days.length < RHYTHM_DAYS) return [];
  if (records.tlsRptRecord.state === "missing" || records.tlsRptRecord.state === "wrong") return [];
  const at = (day: string) => new Date(`${day}T00:00:00Z`).getTime();
  const pauseMs = (at(last) - at(first)) / (days.length - 1);
  const dueAt = at(last) + DAY_MS + Math.max(SILENT_DAYS * DAY_MS, 3 * pauseMs);
  if (now.getTime() < dueAt) return [];
  const evidence = { lastReportDay: last };
  const about = { subject: domain, since: new Date(dueAt), move: "owner", evidence } as const;
  return [{ ...about, code: "reports.silent", severity: "notice" }];
}
