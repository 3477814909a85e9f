import { formatDay } from "@waxseal/contract/format-instant";
import { nameCause } from "./continuing-refusals.ts";
import type { FindingCode, FindingEvidence } from "./judge-domain.ts";

/** The rarer conditions: those that are judged by `WatchedFacts`. */
export type WatchedCode = Extract<
  FindingCode,
  | "claim.lost"
  | "mx.migration"
  | "mx.changed"
  | "host.refused"
  | "failures.new"
  | "reporter.silent"
  | "reports.none"
  | "reports.rejected"
  | "reports.forged"
  | "leave.state"
>;

type Said = { subject: string; evidence: FindingEvidence; isEnforced: boolean };

/** What each of them means, in sentences for the owner. Names that strangers wrote come through `oneLine` before. */
export const WATCHED_SENTENCES: Record<WatchedCode, (said: Said) => string> = {
  "claim.lost": () =>
    "The DNS of this domain connected it to another Waxseal account, so this account no longer serves its policy. Only a person who can edit the DNS can do that.",
  "mx.migration": ({ evidence: { oldHosts = [], ...evidence }, subject, isEnforced }) => {
    const { provider = "another provider", hosts = [subject], sinceDay, leftDay } = evidence;
    const since = sinceDay ? `Since ${formatDay(sinceDay)} the mail is moving` : "The mail is moving";
    const left =
      leftDay && oldHosts.length > 0
        ? ` ${list(oldHosts)} left the MX records on ${formatDay(leftDay)}.`
        : "";
    return `${since} to ${provider} (${list(hosts)}).${left} Keep the old and the new hosts in the policy until the move is done${isEnforced ? ", or mail is refused" : ""}.`;
  },
  "mx.changed": ({ evidence: { hosts = [], oldHosts = [] } }) =>
    [
      hosts.length > 0 && `${list(hosts)} ${hosts.length === 1 ? "was" : "were"} added to the MX records.`,
      oldHosts.length > 0 &&
        `${list(oldHosts)} ${oldHosts.length === 1 ? "was" : "were"} removed from the MX records.`,
      "The policy allows every mail host.",
    ]
      .filter(Boolean)
      .join(" "),
  "host.refused": ({ evidence: { reporters = [], detail = "" } }) =>
    `Several mail servers that fetch the policy could not do so in the last two days. ${detail}${reporters.length > 0 ? ` ${list(reporters)} ${reporters.length === 1 ? "reports" : "report"} it too.` : ""}`.trim(),
  "failures.new": ({ evidence: { cause }, isEnforced }) =>
    `Senders report a kind of failure that was not there in the three months before${cause ? `: ${nameCause(cause)}, since ${formatDay(cause.firstDay)}, last seen on ${formatDay(cause.lastDay)}` : ""}. ${isEnforced ? "They refuse to deliver this mail." : "Mail is still delivered, but would be refused if you enforced the policy."}`,
  "reporter.silent": ({ subject, evidence: { lastReportDay } }) =>
    `${subject} reported regularly${lastReportDay ? ` until ${formatDay(lastReportDay)}` : ""} and has stopped. Others still report, and other domains still get reports from ${subject}.`,
  "reports.none": () =>
    "The TLS reporting record is correct, but no report has come yet. That is normal with little mail: a sender reports only for days on which it sent you mail.",
  "reports.rejected": ({ subject, evidence: { count = 0 } }) =>
    `${count > 0 ? `${count} messages` : "Messages"} from ${subject} in the last week hold a report that could not be read. We are looking at why; the quarantine shows each of them.`,
  "reports.forged": ({ subject, evidence: { signer } }) =>
    `Reports arrive in the name of ${subject} that ${signer ? `${signer} signed` : "are not signed, although those of this sender are"}. They are ignored where it matters; nothing for you to do.`,
  "leave.state": ({ subject, evidence: { untilDay, isDangling } }) => {
    if (untilDay)
      return `The CNAME at ${subject} was deleted too early: mail servers may have the old policy cached and follow it until ${formatDay(untilDay)}. Publish it again until then.`;
    return isDangling
      ? "MTA-STS was turned off a month ago, and its CNAMEs still point to Waxseal. Delete them, so that they do not outlive their purpose."
      : "MTA-STS is off, and no mail server can have the policy cached any more. You can delete its CNAMEs.";
  },
};

/** Whether a code is one of them. */
export function isWatchedCode(code: string): code is WatchedCode {
  return Object.hasOwn(WATCHED_SENTENCES, code);
}

const MAX_NAMED = 4;

function list(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
