import type { AlertExplanationView, WatchState } from "@waxseal/contract";
import { ALERT_CONDITIONS } from "@waxseal/contract/alert-conditions";
import { formatDay, formatInstant } from "@waxseal/contract/format-instant";
import type { Alert } from "@waxseal/db";
import type { z } from "zod";
import { describeFinding } from "../judging/describe-domain-finding.ts";
import { isWatchedCode, type WatchedCode } from "../judging/describe-watched.ts";
import { FINDING_CODES, type Finding, type FindingCode, type JudgedFacts } from "../judging/judge-domain.ts";
import { dueReportAt } from "../judging/judge-reporting.ts";
import { RECORD_KINDS } from "../setup-names.ts";
import { explainWatched, WATCHED_THRESHOLDS } from "./explain-watched.ts";

type Item = z.infer<typeof AlertExplanationView>["items"][number];
/** What is known of a condition that is not seen now. */
export type Quiet = { state: WatchState; looked: string; at: Date | null; why: string };
type Watched = { threshold: string; explain(facts: JudgedFacts): Quiet };

const NOT_SERVED = "The domain is not served yet, or no longer: nothing enforces a policy of ours.";
const NO_MODE =
  "The policy has the mode none: senders may deliver without encryption, so nothing can be refused.";
const GOOD_ENDS = "It ends 15 minutes after the first good look.";

/** Every condition in the order in which people ask about them. */
const WATCHED: Record<Exclude<FindingCode, WatchedCode>, Watched> = {
  "cname.missing": {
    threshold: `Two looks, three minutes apart, find no record. It ends after two good looks, 15 minutes apart. Critical if the policy is enforced.`,
    explain: (facts) => explainRecords(facts, "Every record that senders need exists."),
  },
  "cname.wrong": {
    threshold:
      "Two looks, three minutes apart, find another target. It ends after two good looks, 15 minutes apart. Critical if the policy is enforced.",
    explain: (facts) => explainRecords(facts, "Every record that exists points to us."),
  },
  "mx.uncovered": {
    threshold: `An MX change that a second resolver confirms, to a host that the policy does not allow. Critical if the policy is enforced. ${GOOD_ENDS}`,
    explain: (facts) =>
      explainMail(facts, {
        at: facts.mxCheckedAt,
        looked: hostsOf(facts),
        why: "The policy allows every mail host.",
        isKnown: facts.mxCheckedAt !== null,
      }),
  },
  "mx.badTls": {
    threshold: `Two tests, at least ten minutes apart, fail: no STARTTLS, a certificate that is expired, for another name or not trusted, or TLS below 1.2. Critical if the policy is enforced and no other host works. ${GOOD_ENDS}`,
    explain: (facts) => explainProbes(facts, "Every mail host that was tested passed."),
  },
  "mx.expiring": {
    threshold:
      "A notice 14 days before its end, a warning 7 days and critical one day before; for hosts of large providers 3 days and one day; for certificates that live at most 47 days at a quarter and an eighth of their life. It ends when a new certificate is seen.",
    explain: (facts) => explainProbes(facts, "No certificate of a mail host is that near its end."),
  },
  "dane.broken": {
    threshold:
      "Two tests, ten minutes apart, find TLSA records of which none matches the certificate. Critical unless another host takes the mail. It ends after two good tests.",
    explain: (facts) => explainProbes(facts, "No mail host has a TLSA record that does not match."),
  },
  "host.certificate": {
    threshold:
      "Renewal fails. Warning when less than a sixth of the certificate's life is left, critical in its last 48 hours.",
    explain: ({ status, certificate }) => {
      const at = null;
      if (status !== "active" && status !== "pending")
        return { state: "off", at, looked: "", why: NOT_SERVED };
      if (!certificate) return { state: "off", at, looked: "", why: "No certificate was ordered yet." };
      const { notAfter, isFailing } = certificate;
      const looked = notAfter
        ? `The certificate is valid until ${formatInstant(notAfter)}.`
        : "There is no certificate yet.";
      return {
        state: "clear",
        at,
        looked,
        why: isFailing ? "Renewal failed, with enough time left." : "Renewal works.",
      };
    },
  },
  "publish.stuck": {
    threshold: "Publishing fails for more than ten minutes.",
    explain: ({ status, publishProblem }) => {
      if (status !== "active") return { state: "off", at: null, looked: "", why: NOT_SERVED };
      const why = publishProblem ?? "The newest policy is live.";
      return { state: "clear", at: null, looked: "The newest version of the policy.", why };
    },
  },
  "failures.up": {
    threshold:
      "In the last three complete days, two senders' failures are surely above 2% and twice their usual share, or one's on two days with ten failures, or all fail; or failures above 2% go on for seven of 14 days. Only failures that enforcing refuses count, and only reports that are proven genuine. It ends after three days without. A good test of the host after the last failure ends it too.",
    explain: explainFailures,
  },
  "reports.silent": {
    threshold:
      "Nothing has come for five days and three times the usual pause, after at least seven days with reports. It ends with the next report.",
    explain: (facts) => {
      const { reportDays, status } = facts;
      if (status !== "active") return { state: "off", at: null, looked: "", why: NOT_SERVED };
      if (reportDays === null)
        return { state: "unknown", at: null, looked: "", why: "Reports cannot be read at the moment." };
      const last = [...reportDays].sort().at(-1);
      const looked = `Reports of ${reportDays.length} of the last 28 days${last ? `, the last of ${formatDay(last)}` : ""}.`;
      const dueAt = dueReportAt(facts);
      const why = dueAt
        ? `It would be an alert from ${formatInstant(dueAt)} on.`
        : "Too few days had reports to know how often they come.";
      return { state: dueAt ? "clear" : "unknown", at: null, looked, why };
    },
  },
};

/** What was looked at for every condition of a domain, by the same facts and findings as its alerts. */
export function explainConditions({
  facts,
  findings,
  alerts,
}: {
  facts: JudgedFacts;
  findings: readonly Finding[];
  alerts: readonly Alert[];
}): Item[] {
  return FINDING_CODES.flatMap((condition): Item[] => {
    const { threshold } = isWatchedCode(condition) ? WATCHED_THRESHOLDS[condition] : WATCHED[condition];
    const title = ALERT_CONDITIONS[condition];
    const known = isWatchedCode(condition)
      ? explainWatched(condition, facts)
      : WATCHED[condition].explain(facts);
    const { at, looked, ...quiet } = known;
    const about = { condition, title, threshold, looked, lookedAt: at?.toISOString() ?? null };
    const found = findings.filter(({ code }) => code === condition);
    const ending = alerts.filter(
      (alert) =>
        alert.condition === condition &&
        alert.state === "open" &&
        !found.some(({ subject }) => subject === alert.subject),
    );
    if (found.length + ending.length === 0) return [{ ...about, ...quiet, severity: null, subject: null }];
    return [
      ...found.map((finding): Item => {
        const alert = alerts.find((one) => one.condition === condition && one.subject === finding.subject);
        const isOpen = alert?.state === "open";
        const why = `${describeFinding(finding, facts.mode)}${isOpen ? "" : " It was not seen often enough for an alert yet."}`;
        return {
          ...about,
          state: isOpen ? "open" : "pending",
          severity: finding.severity,
          subject: finding.subject,
          why,
        };
      }),
      ...ending.map((alert): Item => {
        const why = "It was not seen at the last look. The alert ends when that stays so for 15 minutes.";
        return {
          ...about,
          state: "open",
          severity: alert.severity as Finding["severity"],
          subject: alert.subject,
          why,
        };
      }),
    ];
  });
}

function explainRecords({ status, records }: JudgedFacts, fine: string): Quiet {
  const all = RECORD_KINDS.map((kind) => records[kind]);
  const checks = all.flatMap(({ checkedAt }) => checkedAt ?? []).map((at) => at.getTime());
  const at = checks.length > 0 ? new Date(Math.max(...checks)) : null;
  const looked = all
    .map(({ name, state }) => `${name}: ${RECORD_WORDS[state] ?? "not looked at yet"}`)
    .join("; ");
  if (status === "left") return { state: "off", at, looked, why: NOT_SERVED };
  if (status === "pending")
    return {
      state: "off",
      at,
      looked,
      why: "A record that was never published is a step to do, not a fault.",
    };
  if (all.some(({ state }) => state === "unreachable"))
    return {
      state: "unknown",
      at,
      looked,
      why: "DNS does not answer for one of them, which is neither good nor bad.",
    };
  return { state: "clear", at, looked, why: fine };
}

const RECORD_WORDS: Record<string, string> = {
  correct: "correct",
  wrong: "wrong",
  missing: "missing",
  unreachable: "no answer",
};

function explainProbes(facts: JudgedFacts, fine: string): Quiet {
  const { mxHosts } = facts;
  const times = mxHosts.map(({ probedAt }) => probedAt.getTime());
  const unknown = mxHosts.filter(({ state }) => state === "unknown").map(({ mxHost }) => mxHost);
  const why =
    unknown.length > 0
      ? `${fine} ${unknown.join(", ")} could not be tested, which is neither good nor bad.`
      : fine;
  return explainMail(facts, {
    at: times.length > 0 ? new Date(Math.max(...times)) : null,
    looked: hostsOf(facts),
    why,
    isKnown: mxHosts.length > unknown.length,
  });
}

function explainMail(
  { status, mode }: JudgedFacts,
  seen: { at: Date | null; looked: string; why: string; isKnown: boolean },
): Quiet {
  const { at, looked, why, isKnown } = seen;
  if (status !== "active" || mode === null) return { state: "off", at, looked, why: NOT_SERVED };
  if (mode === "none") return { state: "off", at, looked, why: NO_MODE };
  if (!isKnown) return { state: "unknown", at, looked, why: "No mail host could be looked at yet." };
  return { state: "clear", at, looked, why };
}

function hostsOf({ mxHosts }: JudgedFacts): string {
  const words = { good: "passed", bad: "failed", unknown: "not tested" };
  if (mxHosts.length === 0) return "No mail host was tested yet.";
  return mxHosts
    .map(
      ({ mxHost, state, certificateNotAfter: until }) =>
        `${mxHost}: ${words[state]}${until ? `, certificate until ${formatDay(until)}` : ""}`,
    )
    .join("; ");
}

function explainFailures({ status, mode, reportDays, simulation, reporterDays }: JudgedFacts): Quiet {
  const none = { at: null, looked: "" };
  if (status !== "active") return { ...none, state: "off", why: NOT_SERVED };
  if (mode === "none") return { ...none, state: "off", why: NO_MODE };
  if (reportDays === null) return { ...none, state: "unknown", why: "Reports cannot be read at the moment." };
  if (reporterDays.length === 0)
    return { ...none, state: "unknown", why: "No proven report came in the last four weeks." };
  const sessions = simulation?.sessions ?? reporterDays.reduce((sum, one) => sum + one.sessions, 0);
  const refused = simulation?.refusedSessions ?? 0;
  const reporters = new Set(reporterDays.map(({ reporter }) => reporter)).size;
  const looked = `${refused.toLocaleString("en-US")} of ${sessions.toLocaleString("en-US")} connections would be refused, by ${reporters} ${reporters === 1 ? "sender" : "senders"}.`;
  const why =
    refused === 0
      ? "None failed."
      : "Their share is not surely above the threshold, or the host was good afterwards.";
  return { ...none, state: "clear", looked, why };
}
