import type { QuarantineReason } from "@waxseal/contract";
import type { z } from "zod";

type Reason = z.infer<typeof QuarantineReason>;
type Words = { title: string; nextStep: (domain: string) => string };

const ASK_SENDER = "Ask the sender to send it again.";
const NOTHING_TO_DO = "There is nothing to do: the message is kept for a while and then deleted.";
const KEPT = "Nothing is lost: the message is kept, and you can reprocess it.";

const WORDS: Record<Reason, Words> = {
  "no-report": {
    title: "No TLS report in it",
    nextStep: () =>
      "Nothing to do, unless you expected a report from this sender: then download the original and look.",
  },
  empty: { title: "Empty message", nextStep: () => `If you expected a report: ${lower(ASK_SENDER)}` },
  "ordinary-mail": {
    title: "Ordinary mail or spam",
    nextStep: () => `${NOTHING_TO_DO} This address only reads TLS reports.`,
  },
  "dmarc-report": {
    title: "DMARC aggregate report",
    nextStep: (domain) =>
      `The DMARC record at _dmarc.${domain} sends its reports here. Change its rua to the address that reads your DMARC reports; the TLS report address belongs in _smtp._tls only.`,
  },
  "dmarc-failure-report": {
    title: "DMARC failure report",
    nextStep: (domain) =>
      `The DMARC record at _dmarc.${domain} names this address in its ruf. Remove it there, or name the address that reads your DMARC reports.`,
  },
  "abuse-report": {
    title: "Spam complaint (ARF)",
    nextStep: () =>
      "A recipient marked mail from your domain as spam. Register another address for feedback loops; this one only reads TLS reports.",
  },
  "attachment-removed": {
    title: "TLS report without its attachment",
    nextStep: () =>
      "A mail gateway or virus scanner removed the attachment. If mail to this address passes a gateway of yours, allow attachments of type application/tlsrpt+gzip and .json.gz; else ask the sender to send it again.",
  },
  bounce: {
    title: "Bounce",
    nextStep: () =>
      "A mail that was sent with this address as its sender could not be delivered. Do not send mail from this address.",
  },
  "auto-reply": { title: "Automatic reply", nextStep: () => NOTHING_TO_DO },
  "read-receipt": { title: "Read receipt", nextStep: () => NOTHING_TO_DO },
  "encrypted-archive": {
    title: "Archive with a password",
    nextStep: () =>
      "If you packed it, send the report without a password. If a mail gateway did, exempt this address from its encryption.",
  },
  "encrypted-mail": {
    title: "Encrypted mail",
    nextStep: () =>
      "Have it sent without encryption: a TLS report holds no secrets, and Waxseal has no key to open it.",
  },
  "portal-page": {
    title: "Link to a secure-mail portal",
    nextStep: () =>
      "A gateway replaced the mail by a link that only a person can open. Exempt this address from secure-mail rules, then ask for the report again.",
  },
  "web-page": {
    title: "Web page instead of a report",
    nextStep: () =>
      "An upload sent HTML, often the error page of a proxy. Check the uploading program and any proxy between it and us.",
  },
  confirmation: {
    title: "Confirmation request",
    nextStep: () =>
      "If you registered this address somewhere, download the original and open its link. Else do nothing.",
  },
  truncated: { title: "Report cut off", nextStep: () => `The end of the data is missing. ${ASK_SENDER}` },
  "bad-gzip": {
    title: "Damaged compression",
    nextStep: () => `The data was damaged on the way. ${ASK_SENDER}`,
  },
  "unsupported-archive": {
    title: "Archive we do not open",
    nextStep: () => "Unpack it and send or import the reports as .json, .json.gz or .zip.",
  },
  "too-large": {
    title: "Too large when unpacked",
    nextStep: () => "No real report is that large. Split an archive into smaller files.",
  },
  "over-limit": {
    title: "More than we read of one message",
    nextStep: () =>
      "Split it: send or import the reports in several files. What was read is counted and is not counted twice.",
  },
  "not-json": {
    title: "Not readable as JSON",
    nextStep: () => `Tell the sender which line is wrong. ${KEPT}`,
  },
  "not-a-report": {
    title: "Not a TLS report",
    nextStep: () => `If it should be one, tell the sender what is missing. ${KEPT}`,
  },
  "bad-dates": {
    title: "Dates that cannot be used",
    nextStep: () =>
      "Tell the sender which dates its report has: often its clock is wrong, or the dates are not written as RFC 3339 says.",
  },
  "other-domain": {
    title: "About another domain",
    nextStep: (domain) =>
      `If you have another domain whose _smtp._tls record names the report address of ${domain}, add it and reprocess the message. If not, another domain's record names your address, and there is nothing for you to do.`,
  },
  "changed-copy": {
    title: "A changed copy of a counted report",
    nextStep: () =>
      "The report that was counted first stays counted. Compare the two and ask the sender which one is right.",
  },
  "processing-failed": {
    title: "Our own mistake while reading it",
    nextStep: () => `We will fix this; nothing for you to do. ${KEPT}`,
  },
};

/** What a message in quarantine is, in a few words, and what its owner can do; `domain` is the one it was sent for. */
export function explainQuarantine(
  reason: Reason,
  domain: string | null,
): { title: string; nextStep: string } {
  const { title, nextStep } = WORDS[reason];
  return { title, nextStep: nextStep(domain ?? "your domain") };
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
