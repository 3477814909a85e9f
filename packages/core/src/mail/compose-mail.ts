import type { Mail } from "./create-mailer.ts";
import { formatMailHtml, type MailLink, mailButton, mailParagraph } from "./format-mail-html.ts";

type Paragraph = string | MailLink;

/** A mail of ours about an account or a sign-in, as text and HTML. */
export function composeMail(to: string, subject: string, paragraphs: Paragraph[]): Mail {
  const text = paragraphs.map((part) => (typeof part === "string" ? part : part.url)).join("\n\n");
  const html = formatMailHtml({
    title: subject,
    head: "Waxseal",
    blocks: paragraphs.map((part) => (typeof part === "string" ? mailParagraph(part) : mailButton(part))),
    foot: "Waxseal looks after MTA-STS policies, their certificates and TLS reports.",
  });
  return { to, subject, text: `${text}\n`, html };
}
