import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import { isOver, subjectOf } from "./failure-cause.ts";
import type { Finding, JudgedFacts } from "./judge-domain.ts";
import type { ReporterRhythm, WatchedFacts } from "./watched-facts.ts";

/** Reports come up to two days late, and few senders report every day. */
const SILENT_DAYS = 5;
const RHYTHM_DAYS = 7;
/** Days of history of one reporter. */
const HISTORY_DAYS = 28;
/** Silence that is less likely than this is none of chance. */
const CHANCE = 0.005;
const MIN_RATE = 0.5;
const NEW_FAILURES = { failed: 5, quietMs: 7 * DAY_MS };
const FIRST_REPORT_MS = { busy: 7 * DAY_MS, quiet: 14 * DAY_MS, networks: 3 };
const MIN_REJECTED = 3;
const MANY_UNSIGNED = 10;
const HOST_FAULTS: readonly string[] = ["mx.badTls", "mx.uncovered", "dane.broken"];

type Seen = NonNullable<WatchedFacts["reports"]>;

/** When a domain with reports is silent. Below seven days with reports no rhythm is known. */
export function dueReportAt({ status, records, reportDays }: JudgedFacts): Date | null {
  if (reportDays === null) return null;
  const days = [...new Set(reportDays)].sort();
  const [first, last] = [days[0], days.at(-1)];
  if (status !== "active" || !first || !last || days.length < RHYTHM_DAYS) return null;
  if (records.tlsRptRecord.state === "missing" || records.tlsRptRecord.state === "wrong") return null;
  const at = (day: string) => new Date(`${day}T00:00:00Z`).getTime();
  const pauseMs = (at(last) - at(first)) / (days.length - 1);
  return new Date(at(last) + DAY_MS + Math.max(SILENT_DAYS * DAY_MS, 3 * pauseMs));
}

/** Whether reports come as they did, and whether those that come can be used. While they cannot be asked, all is as it was. */
export function judgeReports(facts: JudgedFacts, previous: readonly Finding[], now: Date): Finding[] {
  const isOfReports = ({ code }: Finding) => /^reports?\.|^reporter\./.test(code);
  if (facts.reportDays === null) return previous.filter(isOfReports);
  const silent = judgeSilence(facts, now);
  const reports = facts.watched?.reports;
  if (!facts.watched || !reports || facts.status !== "active") return silent;
  return [
    ...silent,
    ...(silent.length > 0 ? [] : judgeReporters(facts, reports, now)),
    ...judgeFirstReport(facts, facts.watched, reports, now),
    ...judgeUnusable(reports),
  ];
}

/** Silent for three times the usual pause between reports. */
function judgeSilence(facts: JudgedFacts, now: Date): Finding[] {
  const dueAt = dueReportAt(facts);
  const lastReportDay = [...(facts.reportDays ?? [])].sort().at(-1);
  if (!dueAt || !lastReportDay || now < dueAt) return [];
  const about = { subject: facts.domain, since: dueAt, move: "owner", evidence: { lastReportDay } } as const;
  return [{ ...about, code: "reports.silent", severity: "notice" }];
}

/** A reporter that reported regularly and stopped while others continue; all its recipients notice an outage of its own. */
function judgeReporters(facts: JudgedFacts, { rhythms }: Seen, now: Date): Finding[] {
  const { state } = facts.records.tlsRptRecord;
  if (state === "missing" || state === "wrong") return [];
  return rhythms.flatMap((rhythm): Finding[] => {
    const lastReportDay = rhythm.days.toSorted().at(-1);
    if (!lastReportDay || rhythm.isSilentForAll !== false || !isSilent(rhythm, now)) return [];
    const since = new Date(Date.parse(lastReportDay) + DAY_MS);
    const about = { code: "reporter.silent", subject: rhythm.reporter, since } as const;
    const evidence = { lastReportDay, reporters: [rhythm.reporter] };
    return [{ ...about, severity: "notice", move: "owner", evidence }];
  });
}

/**
 * Whether the pause since its last report is too long for chance: with the share r of days on which it reported, k silent days of which
 * reports would be here by now are likely to (1 - r)^k. A sender that reports on fewer than half of the days has no rhythm.
 */
export function isSilent({ days, delayMs }: Pick<ReporterRhythm, "days" | "delayMs">, now: Date): boolean {
  const sorted = [...new Set(days)].sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last || sorted.length < RHYTHM_DAYS) return false;
  const dueDays = Math.min(HISTORY_DAYS, (Date.parse(last) - Date.parse(first)) / DAY_MS + 1);
  const rate = (sorted.length + 1) / (dueDays + 2);
  if (rate < MIN_RATE) return false;
  const dueMs = now.getTime() - delayMs - 12 * HOUR_MS;
  const silentDays = Math.floor((dueMs - Date.parse(last)) / DAY_MS) - 1;
  return silentDays > 0 && (1 - rate) ** silentDays < CHANCE;
}

/** Little mail means few reports: twice the time where hardly anyone fetches the policy. */
function judgeFirstReport(
  { domain, records }: JudgedFacts,
  watched: WatchedFacts,
  { hasAny }: Seen,
  now: Date,
) {
  const { tlsRptSince: since, fetchingNetworks } = watched;
  if (hasAny || !since || records.tlsRptRecord.state !== "correct") return [];
  const isBusy = fetchingNetworks >= FIRST_REPORT_MS.networks;
  const waitMs = isBusy ? FIRST_REPORT_MS.busy : FIRST_REPORT_MS.quiet;
  if (now.getTime() - since.getTime() < waitMs) return [];
  const about = { code: "reports.none", subject: domain, since } as const;
  return [{ ...about, severity: "notice" as const, move: "owner" as const, evidence: {} }];
}

function judgeUnusable({ rejected, forged }: Seen): Finding[] {
  const about = { since: null, severity: "notice" } as const;
  return [
    ...rejected
      .filter(({ messages }) => messages >= MIN_REJECTED)
      .map(({ sender, messages: count }): Finding => {
        const evidence = { reporters: [sender], count };
        return { ...about, code: "reports.rejected", subject: sender, move: "us", evidence };
      }),
    ...forged
      .filter(({ signer, reports }) => signer !== null || reports > MANY_UNSIGNED)
      .map(({ reporter, signer, reports: count }): Finding => {
        const evidence = { reporters: [reporter], count, ...(signer && { signer }) };
        return { ...about, code: "reports.forged", subject: reporter, move: "us", evidence };
      }),
  ];
}

/**
 * A kind of failure at a host that was not seen in the three months before, by two senders or on two days. `explained`: findings that
 * say it already.
 */
export function judgeNewFailures(
  facts: JudgedFacts,
  previous: readonly Finding[],
  explained: readonly Finding[],
  now: Date,
): Finding[] {
  const { status, mode, simulation, mxHosts, reportDays, watched } = facts;
  const known = previous.filter(({ code }) => code === "failures.new");
  if (reportDays === null) return known;
  if (status !== "active" || mode === "none" || !simulation || !watched?.reports) return [];
  const isExplained = (mxHost: string | null) =>
    explained.some(
      ({ code, subject, evidence }) =>
        code === "failures.up" || (HOST_FAULTS.includes(code) && (evidence.mxHost ?? subject) === mxHost),
    );
  const { pastCauses } = watched.reports;
  return simulation.causes.flatMap((cause): Finding[] => {
    const subject = subjectOf(cause);
    const isKnown = known.some((one) => one.subject === subject);
    // Without a week of reports before it, every kind of failure is new.
    const before = reportDays.filter((day) => day < cause.firstDay).length;
    const isNew = isKnown || (!pastCauses.includes(subject) && before >= RHYTHM_DAYS);
    const isWitnessed = cause.reporters.length > 1 || cause.firstDay !== cause.lastDay;
    const isQuiet = now.getTime() - Date.parse(cause.lastDay) - DAY_MS >= NEW_FAILURES.quietMs;
    if (!isNew || !isWitnessed || cause.sessions < NEW_FAILURES.failed) return [];
    if (isQuiet || isOver(cause, mxHosts) || isExplained(cause.mxHost)) return [];
    const since = new Date(`${cause.firstDay}T00:00:00Z`);
    const about = { code: "failures.new", subject, since } as const;
    return [{ ...about, severity: "warning", move: "mx-operator", evidence: { cause } }];
  });
}
