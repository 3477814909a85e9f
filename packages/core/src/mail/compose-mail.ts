import type { Mail } from "./create-mailer.ts";
import { formatMailHtml, type MailLink, mailButton, mailParagraph } from "./format-mail-html.ts";
import { faceOf, type MailBrand } from "./mail-brand.ts";

type Paragraph = string | MailLink;

/** A mail of ours about an account or a sign-in, as text and HTML. */
export function composeMail(to: string, subject: string, paragraphs: Paragraph[], brand?: MailBrand): Mail {
  const { head, shades, sender } = faceOf(brand);
  const text = paragraphs.map((part) => (typeof part === "string" ? part : part.url)).join("\n\n");
  const html = formatMailHtml({
    title: subject,
    ...{ head, shades },
    blocks: paragraphs.map((part) =>
      typeof part === "string" ? mailParagraph(part) : mailButton(part, shades),
    ),
    foot: "Waxseal looks after MTA-STS policies, their certificates and TLS reports.",
  });
  return { to, subject, text: `${text}\n`, html, ...sender };
}
