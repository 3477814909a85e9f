import type { WatchedCode } from "../judging/describe-watched.ts";

type Named = { about: string; subject: string; isEnforced: boolean; evidence: Record<string, unknown> };
type Words = {
  title(named: Named): string;
  action(named: Named): string;
  /** The end of it; empty where no end is sent. */
  over: string;
  button: string;
};

const NOTHING_TO_DO = "You: nothing to do.";

/** Titles and actions of the rarer conditions. Titles hold no figures and no time, so that copies of a message are found together. */
export const WATCHED_WORDS: Record<WatchedCode, Words> = {
  "claim.lost": {
    title: ({ about }) => `${about} is now managed from another Waxseal account`,
    action: ({ subject }) =>
      `You: ask who edits the DNS of ${subject}. To take the domain back, publish the CNAMEs of this account again; to give it up, remove it here.`,
    over: "The domain's DNS points to this account again.",
    button: "Publish the DNS records",
  },
  "mx.migration": {
    title: ({ about, evidence }) =>
      `${about}: mail moves to ${nameOr(evidence.provider, "another provider")}`,
    action: () =>
      "You: add the new hosts to the policy before they receive mail, and remove the old ones only when the move is done.",
    over: "The move to the other provider is done, and the policy allows every mail host.",
    button: "Edit the MX list",
  },
  "mx.changed": {
    title: ({ about }) => `${about}: MX records changed`,
    action: () => "You: nothing to do if the change was intended.",
    over: "",
    button: "See the MX records",
  },
  "host.refused": {
    title: ({ about }) => `${about}: some senders could not fetch the policy`,
    action: () => "Waxseal: we are looking at it. Nothing for you to do.",
    over: "Senders have fetched the policy without failures for two days.",
    button: "See policy downloads",
  },
  "failures.new": {
    title: ({ about }) => `${about}: a new kind of failure`,
    action: () => "The operator of the mail server: open the domain's reports to see what failed.",
    over: "Senders report no more failures of this kind.",
    button: "See the new failures",
  },
  "reporter.silent": {
    title: ({ about, subject }) => `No reports from ${subject} for ${about}`,
    action: () => "You: nothing to do, unless you expect mail from this sender.",
    over: "Reports of this sender arrive again.",
    button: "See senders",
  },
  "reports.none": {
    title: ({ about }) => `${about}: no reports yet`,
    action: () =>
      "You: send mail from Gmail or Outlook to an address at this domain; a report about it arrives within two days.",
    over: "The first report has arrived.",
    button: "See how to test reports",
  },
  "reports.rejected": {
    title: ({ about, subject }) => `${about}: reports from ${subject} could not be read`,
    action: () => "Waxseal: we are looking at it. The quarantine shows the messages.",
    over: "No unreadable report has come for a week.",
    button: "See the quarantine",
  },
  "reports.forged": {
    title: ({ about, subject }) => `False reports about ${about} in the name of ${subject}`,
    action: () => NOTHING_TO_DO,
    over: "No false report has come for a week.",
    button: "See reports that are not proven",
  },
  "leave.state": {
    title: ({ about, evidence }) =>
      evidence.untilDay ? `${about}: a CNAME was deleted too early` : `${about}: you can delete the CNAMEs`,
    action: ({ evidence }) =>
      evidence.untilDay
        ? "You, or the person who edits this domain's DNS: publish the CNAME again."
        : "You, or the person who edits this domain's DNS: delete the CNAMEs.",
    over: "",
    button: "See the DNS records",
  },
};

/** Conditions whose end is no news: they are mentioned once. */
export const MENTIONED_ONCE: readonly string[] = ["mx.changed", "leave.state"];

function nameOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}
