import { formatDay } from "@waxseal/contract/format-instant";
import type { WatchedCode } from "../judging/describe-watched.ts";
import type { JudgedFacts } from "../judging/judge-domain.ts";
import type { WatchedFacts } from "../judging/watched-facts.ts";
import type { Quiet } from "./explain-conditions.ts";

type Known = WatchedFacts & { facts: JudgedFacts };
type Said = NonNullable<WatchedFacts["reports"]>;

/** When each of the rarer conditions is one. */
export const WATCHED_THRESHOLDS: Record<WatchedCode, { threshold: string }> = {
  "claim.lost": {
    threshold:
      "Two looks, three minutes apart, find the domain given to another account by its DNS. Critical. It ends when its DNS points to this account again.",
  },
  "mx.migration": {
    threshold:
      "Hosts of another known mail provider came into the MX records within 30 days, beside or instead of the old ones. A notice; a warning while the policy does not allow one of them, and critical if it is enforced.",
  },
  "mx.changed": {
    threshold: "A confirmed look finds other hosts, all of which the policy allows. A notice for seven days.",
  },
  "host.refused": {
    threshold:
      "Within a day, clients of three networks that fetched the policy on at least two days do not accept its certificate or get none. It ends when fewer than two were seen in two days.",
  },
  "failures.new": {
    threshold:
      "Five failed connections of a kind that the three months before did not have, reported by two senders or on two days. It ends after seven days without, or with a good test of the host.",
  },
  "reporter.silent": {
    threshold:
      "A sender that reports on at least half of the days is silent for longer than chance explains in one of 200 cases: two days for one that reports daily, eight for one that reports every other day. Not if it is silent for most accounts. A notice.",
  },
  "reports.none": {
    threshold:
      "The reporting record is correct for seven days, or 14 if fewer than three networks fetch the policy, and no report ever came. A notice.",
  },
  "reports.rejected": {
    threshold: "Three unreadable reports of one sender in seven days. A notice.",
  },
  "reports.forged": {
    threshold:
      "A report in the name of a large sender that another domain signed, or more than ten unsigned ones of a sender that signs, in seven days. A notice.",
  },
  "leave.state": {
    threshold:
      "While the domain leaves: a CNAME is deleted before mail servers have forgotten the policy (critical if they enforce it). After it left: the CNAMEs are still there. A notice.",
  },
};

const OFF: Quiet = {
  ...{ state: "off", looked: "", at: null },
  why: "The domain is not served yet, or no longer: nothing enforces a policy of ours.",
};
const NO_REPORTS: Quiet = {
  ...{ state: "unknown", looked: "", at: null },
  why: "Reports cannot be read at the moment.",
};

/** What was looked at for one of them, and why it is no alert. */
export function explainWatched(code: WatchedCode, facts: JudgedFacts): Quiet {
  const { status, watched } = facts;
  const isServed = status === "active";
  if (code === "leave.state" && isServed)
    return { state: "clear", at: null, looked: "The domain is served.", why: "It is not leaving." };
  if (code === "leave.state" ? status === "pending" : !isServed) return OFF;
  if (!watched) return { ...NO_REPORTS, why: "It was not looked at." };
  return { at: null, ...EXPLAIN[code]({ ...watched, facts }) };
}

type Answer = Omit<Quiet, "at"> & { at?: Date | null };

const clear = (looked: string, why: string): Answer => ({ state: "clear", looked, why });

const ofReports =
  (answer: (said: Said, known: Known) => Answer) =>
  (known: Known): Answer =>
    known.reports && known.facts.reportDays !== null ? answer(known.reports, known) : NO_REPORTS;

const EXPLAIN: Record<WatchedCode, (known: Known) => Answer> = {
  "claim.lost": ({ claim }) =>
    claim === "none"
      ? {
          state: "unknown",
          looked: "The domain belongs to no account yet.",
          why: "Its DNS was not seen pointing to us.",
        }
      : clear("The domain belongs to this account.", "Its DNS points to this account."),
  "mx.migration": (known) => ({
    ...clear(hostsOf(known), "No host of another provider came within 30 days."),
    at: known.facts.mxCheckedAt,
  }),
  "mx.changed": (known) => ({
    ...clear(
      hostsOf(known),
      "They did not change in the last seven days, or a host is not in the policy, which is an alert of its own.",
    ),
    at: known.facts.mxCheckedAt,
  }),
  "host.refused": ({ refusals }) =>
    refusals
      ? clear(
          `${refusals.failures.toLocaleString("en-US")} failed TLS connections of known senders in two days, from ${countOf(refusals.ofOneDay.length, "network")} in the last 24 hours.`,
          "Three networks within a day are needed.",
        )
      : clear("TLS connections to the policy server.", "None of a known sender failed in the last two days."),
  "failures.new": ofReports((_, { facts: { simulation } }) =>
    simulation && simulation.causes.length > 0
      ? clear(
          `${countOf(simulation.causes.length, "kind")} of failures in 14 days.`,
          "They are known, rare, over, or part of another alert.",
        )
      : clear("Proven reports of the last 14 days.", "No failure that enforcing would refuse."),
  ),
  "reporter.silent": ofReports(({ rhythms }) =>
    rhythms.length === 0
      ? { state: "unknown", looked: "No sender has reported in four weeks.", why: "No rhythm is known." }
      : clear(
          `${rhythms.map(({ reporter, days }) => `${reporter}: ${countOf(days.length, "day")}, last about ${formatDay(days.toSorted().at(-1) ?? new Date(0))}`).join("; ")}.`,
          "Each of them that reports regularly reported lately, or is silent for most accounts.",
        ),
  ),
  "reports.none": ofReports(({ hasAny }, { tlsRptSince, fetchingNetworks }) =>
    hasAny
      ? clear("Reports have come.", "The first report has come.")
      : tlsRptSince
        ? clear(
            `The reporting record is correct since ${formatDay(tlsRptSince)}; ${countOf(fetchingNetworks, "network")} fetched the policy in a week.`,
            "It is too early for a first report.",
          )
        : {
            state: "off",
            looked: "The reporting record is not correct.",
            why: "Without it no report can come.",
          },
  ),
  "reports.rejected": ofReports(({ rejected }) =>
    clear(
      `${countOf(
        rejected.reduce((sum, { messages }) => sum + messages, 0),
        "unreadable report",
      )} in seven days.`,
      "No sender has three.",
    ),
  ),
  "reports.forged": ofReports(({ forged }) =>
    clear(
      `${countOf(
        forged.reduce((sum, { reports }) => sum + reports, 0),
        "unproven report",
      )} in the names of large senders in seven days.`,
      "None contradicts who signs for its sender.",
    ),
  ),
  "leave.state": ({ horizonAt, facts: { status } }) =>
    clear(
      horizonAt
        ? `Mail servers may have the policy cached until ${formatDay(horizonAt)}.`
        : "No mail server has the policy cached.",
      status === "left"
        ? "The CNAMEs are gone, or were not looked at since."
        : "The CNAMEs are still published.",
    ),
};

function hostsOf({ mxNow }: Known): string {
  return mxNow.length === 0 ? "No mail host was found." : `Mail hosts: ${mxNow.join(", ")}.`;
}

function countOf(count: number, what: string): string {
  return `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
}
