import { formatInstant } from "@waxseal/contract/format-instant";
import type { Mail } from "../mail/create-mailer.ts";
import { escapeHtml, formatMailHtml, mailButton, mailParagraph, oneLine } from "../mail/format-mail-html.ts";
import { faceOf, type MailBrand } from "../mail/mail-brand.ts";
import { type AlertMessage, listDomains, subjectOf } from "./alert-message.ts";

/** Who a mail goes to, and what its headers need. */
export type MailFrame = {
  to: string;
  /** The host in message ids. */
  mailDomain: string;
  /** Where the reader turns these mails off; null for a shared address, which the account's members manage. */
  unsubscribeUrl: string | null;
  accountName: string;
  /** Unset: ours. */
  brand?: MailBrand | undefined;
};

/** Domains named in one mail. */
const MAX_NAMED = 40;

/**
 * A message as mail, the same words as text and HTML. All mails of an incident are one thread, below a message that was never sent. Asks relays not to refuse it for the very
 * fault that it is about: it holds no secret.
 *
 * RFC 8058 §3.1 (one-click unsubscribe), RFC 3834 §5 (Auto-Submitted), RFC 8689 §5 (TLS-Required)
 */
export function formatAlertMail(message: AlertMessage, frame: MailFrame): Mail {
  const { to, mailDomain, unsubscribeUrl, brand } = frame;
  const { name, head, shades, sender } = faceOf(brand);
  const subject = oneLine(subjectOf(message));
  const thread = message.incidentId && `<incident.${message.incidentId}@${mailDomain}>`;
  const paragraphs = listParagraphs(message);
  const label = message.incidentId ? "See the alert" : `Open ${name}`;
  const foot = `${name} watches the domains of ${oneLine(frame.accountName)}${brand ? " with Waxseal" : ""}.`;
  const text = [
    ...paragraphs,
    `${label}:\n${message.url}`,
    `${foot}${unsubscribeUrl ? `\nStop these mails: ${unsubscribeUrl}` : ""}`,
  ].join("\n\n");
  return {
    to,
    subject,
    text: `${text}\n`,
    html: formatMailHtml({
      title: subject,
      ...{ head, shades },
      blocks: [...paragraphs.map(mailParagraph), mailButton({ url: message.url, label }, shades)],
      foot: `${escapeHtml(foot)}${unsubscribeUrl ? ` <a href="${escapeHtml(unsubscribeUrl)}">Stop these mails</a>` : ""}`,
    }),
    ...sender,
    headers: {
      "Auto-Submitted": "auto-generated",
      "TLS-Required": "No",
      ...(thread && { References: thread, "In-Reply-To": thread }),
      ...(unsubscribeUrl && {
        "List-Unsubscribe": `<${unsubscribeUrl}>`,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      }),
    },
  };
}

function listParagraphs(message: AlertMessage): string[] {
  const { text, action, note, openedAt, resolvedAt, kind, domainCount } = message;
  const times =
    kind === "resolved" && openedAt && resolvedAt
      ? `It lasted from ${formatInstant(openedAt)} to ${formatInstant(resolvedAt)}.`
      : openedAt && `Seen since ${formatInstant(openedAt)}.`;
  return [
    text,
    ...(action ? [`Action needed. ${action}`] : []),
    ...(domainCount > 0
      ? [`${domainCount === 1 ? "Domain" : "Domains"}: ${listDomains(message, MAX_NAMED)}`]
      : []),
    ...(times ? [times] : []),
    ...(note ? [`Note of your team: ${note.replace(/\s+/g, " ")}`] : []),
  ].filter((part) => part !== "");
}

/** Asks the owner of an address whether alerts may be mailed to it. */
export function channelConfirmationMail(
  to: string,
  { url, accountName, brand }: { url: string; accountName: string; brand?: MailBrand | undefined },
): Mail {
  const { head, shades, sender } = faceOf(brand);
  const name = oneLine(accountName);
  const title = "Confirm that alerts may be mailed to you";
  const why = `${name} wants to mail alerts about its domains to this address. If that is right, confirm it:`;
  const otherwise = "If you do not know them, ignore this mail: nothing will be sent to you.";
  return {
    ...{ to, ...sender },
    subject: title,
    text: `${why}\n\n${url}\n\n${otherwise}\n`,
    html: formatMailHtml({
      title,
      ...{ head, shades },
      blocks: [
        mailParagraph(why),
        mailButton({ url, label: "Confirm this address" }, shades),
        mailParagraph(otherwise),
      ],
      foot: "Waxseal looks after MTA-STS policies, their certificates and TLS reports.",
    }),
  };
}
