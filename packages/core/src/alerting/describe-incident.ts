import { formatDay } from "@waxseal/contract/format-instant";
import { isWatchedCode, WATCHED_SENTENCES } from "../judging/describe-watched.ts";
import { oneLine } from "../mail/format-mail-html.ts";
import { mxHostOf } from "./cause-key.ts";
import { WATCHED_WORDS } from "./watched-words.ts";

/** What the words of an incident are made from. */
export type DescribedAlert = {
  severity: string;
  condition: string;
  subject: string;
  domain: string;
  evidence: unknown;
};

/** An incident in words: what it is called, what it means, and who has to do what. Titles hold no figures and no time. */
export type IncidentWords = { title: string; text: string; action: string };

type Facts = {
  /** The domain, or that there are several. */
  about: string;
  /** The host, record or other thing that the condition is about. */
  subject: string;
  /** Whether senders enforce a policy of one of the domains. */
  isEnforced: boolean;
  /** Mail has another way that works. */
  hasOtherWay: boolean;
  evidence: Record<string, unknown>;
};

const FAULTS: Record<string, [title: string, action: string]> = {
  "certificate-expired": ["has an expired certificate", "Renew the certificate and reload the mail server."],
  "certificate-host-mismatch": [
    "has a certificate for another name",
    "Install a certificate that names this host, and reload the mail server.",
  ],
  "certificate-not-trusted": [
    "has a certificate that senders do not trust",
    "Install a certificate of a public certificate authority with its whole chain.",
  ],
  "no-starttls": [
    "offers no encryption",
    "Turn STARTTLS on, and see that no firewall in between removes it.",
  ],
  "tls-too-old": ["offers only outdated TLS versions", "Turn on TLS 1.2 or newer."],
};
const ANY_FAULT: [string, string] = ["fails the encryption check", "Check its certificate and STARTTLS."];

const WORDS: Record<string, (facts: Facts) => IncidentWords> = {
  "cname.missing": ({ about, subject, isEnforced }) => ({
    title: `${about}: a DNS record is missing`,
    text: `The CNAME at ${subject} is gone, so mail servers can no longer fetch the policy. ${cachedPolicy(isEnforced)}`,
    action: `You, or the person who edits this domain's DNS: publish the CNAME at ${subject} again.`,
  }),
  "cname.wrong": ({ about, subject, isEnforced }) => ({
    title: `${about}: a DNS record points elsewhere`,
    text: `${subject} no longer points to Waxseal. ${cachedPolicy(isEnforced)}`,
    action: `You, or the person who edits this domain's DNS: correct the CNAME at ${subject}.`,
  }),
  "mx.uncovered": ({ about, subject, isEnforced }) => ({
    title: isEnforced
      ? `${about}: mail to ${subject} is being refused`
      : `${about}: ${subject} is not in the policy`,
    text: `${subject} receives your mail but is not in your policy. ${isEnforced ? "Mail servers that enforce the policy do not deliver to it." : "Mail is still delivered, but would be refused if you enforced the policy."}`,
    action: "You: add the host to the policy, or remove its MX record.",
  }),
  "mx.badTls": ({ subject, isEnforced, hasOtherWay, evidence }) => {
    const [title, action] = FAULTS[String(evidence.fault)] ?? ANY_FAULT;
    const since = evidence.fault === "certificate-expired" ? expiryOf(evidence) : undefined;
    return {
      title: `${subject} ${title}`,
      text: `${since ? `The certificate of ${subject} expired on ${since}.` : `${subject} ${title}.`} ${effectOf(isEnforced, hasOtherWay)}`,
      action: `The operator of ${subject} (your mail provider, or you): ${lowerFirst(action)}`,
    };
  },
  "mx.expiring": ({ subject, evidence }) =>
    evidence.isExpired
      ? {
          title: `${subject}: certificate has expired`,
          text: `The certificate of ${subject} expired on ${expiryOf(evidence) ?? "a date before today"}. Mail servers that enforce your policy refuse to deliver to it.`,
          action: `The operator of ${subject} (your mail provider, or you): renew the certificate now.`,
        }
      : {
          title: `${subject}: certificate expires soon`,
          text: `The certificate of ${subject} expires on ${expiryOf(evidence) ?? "a date soon"}. After that, mail servers that enforce your policy refuse to deliver to it.`,
          action: `The operator of ${subject} (your mail provider, or you): renew the certificate before then.`,
        },
  "dane.broken": ({ subject }) => ({
    title: `${subject}: DANE record does not match`,
    text: `The certificate of ${subject} does not match its TLSA record. Mail servers that check DANE refuse this host, whatever your MTA-STS policy says.`,
    action: `The person who edits the DNS of ${subject}: publish a TLSA record for the certificate that is in use.`,
  }),
  "host.certificate": ({ about, evidence }) => ({
    title: `${about}: the policy certificate cannot be renewed`,
    text: `The certificate of the host that serves the policy could not be renewed${expiryOf(evidence) ? `; the current one is valid until ${expiryOf(evidence)}` : ""}.${detailOf(evidence)}`,
    action:
      "Open the domain: it shows whether a DNS record of yours is in the way. Otherwise we are working on it.",
  }),
  "publish.stuck": ({ about, evidence }) => ({
    title: `${about}: the new policy is not live yet`,
    text: `The newest policy could not be published. Mail servers keep using the previous one.${detailOf(evidence)}`,
    action: "We are working on it. Open the domain to see whether something of yours is in the way.",
  }),
  "failures.up": ({ about, subject, isEnforced, evidence }) => ({
    title: `${about}: more mail fails encryption checks`,
    text: `Mail servers report failed connections${mxHostOf("failures.up", subject, evidence) ? ` to ${mxHostOf("failures.up", subject, evidence)}` : ""}. ${isEnforced ? "They refuse to deliver this mail." : "Mail is still delivered, but would be refused if you enforced the policy."}`,
    action: "The operator of the mail server: open the domain's reports to see what failed.",
  }),
  "channel.dead": ({ subject, evidence }) =>
    evidence.receiver === "mailbox"
      ? {
          title: `Mails to ${subject} come back`,
          text: `Alerts to the mail address of ${subject} come back as undeliverable, so no more are sent to it.`,
          action: `${subject}: change the address in your profile, or save the notification settings again once the mailbox works.`,
        }
      : {
          title: `Waxseal cannot reach the channel ${subject}`,
          text: evidence.isOff
            ? `Alerts are no longer sent to the channel ${subject}, because it refuses them or has failed for days.`
            : `No message has reached the channel ${subject} for a day.`,
          action:
            "You: open Settings, Notifications, where the reason is shown. Correct the address, send a test, and turn the channel on if it is off.",
        },
  "reports.silent": ({ about }) => ({
    title: `No reports for ${about}`,
    text: "No sender has reported for longer than usual. Until reports come again, nothing shows whether mail arrives encrypted.",
    action: "You: check that the TLS reporting record is still published.",
  }),
};

/** An incident in words, named after its first alert. Of a condition that this release does not know: what it is about. */
export function describeIncident(alerts: readonly DescribedAlert[], isEnforced: boolean): IncidentWords {
  const [first] = alerts;
  if (!first) return { title: "A problem", text: "", action: "" };
  const domains = new Set(alerts.map(({ domain }) => domain));
  const subject = oneLine(first.subject);
  const about = domains.size > 1 ? "Several domains" : oneLine(first.domain);
  const hasOtherWay = first.severity !== "critical";
  const evidence: Record<string, unknown> = { ...Object(first.evidence) };
  const words = (WORDS[first.condition] ?? wordsOf(first.condition))?.({
    ...{ about, subject, isEnforced, hasOtherWay, evidence },
  }) ?? {
    title: `${about}: a problem with ${subject}`,
    text: "",
    action: "Open the domain to see more.",
  };
  return evidence.comesAndGoes === true
    ? { ...words, text: `${words.text} ${COMES_AND_GOES}`.trim() }
    : words;
}

function wordsOf(condition: string): ((facts: Facts) => IncidentWords) | undefined {
  if (!isWatchedCode(condition)) return undefined;
  const { title, action } = WATCHED_WORDS[condition];
  return (facts) => ({
    title: title(facts),
    text: WATCHED_SENTENCES[condition](facts),
    action: action(facts),
  });
}

const COMES_AND_GOES =
  "This problem comes and goes. You get no further message about it until it has been away for a day.";

function effectOf(isEnforced: boolean, hasOtherWay: boolean): string {
  if (!isEnforced) return "Mail is still delivered, but would be refused if you enforced the policy.";
  return hasOtherWay
    ? "Mail servers that enforce your policy skip it and use your other mail hosts, as long as those work."
    : "Mail servers that enforce your policy are holding mail back.";
}

function cachedPolicy(isEnforced: boolean): string {
  return isEnforced
    ? "Those that have it cached enforce it until their copy expires; others deliver without protection."
    : "Mail is still delivered, but without the policy.";
}

function expiryOf({ notAfter }: Facts["evidence"]): string | undefined {
  return typeof notAfter === "string" && !Number.isNaN(Date.parse(notAfter))
    ? formatDay(notAfter)
    : undefined;
}

function detailOf({ detail }: Facts["evidence"]): string {
  return typeof detail === "string" && detail !== ""
    ? ` ${detail.replace(/\s+/g, " ").trim().slice(0, 300)}`
    : "";
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
