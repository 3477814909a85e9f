import type { DigestPeriod, DigestView } from "@waxseal/contract";
import { formatDay } from "@waxseal/contract/format-instant";
import type { z } from "zod";
import type { Mail } from "../mail/create-mailer.ts";
import { escapeHtml, formatMailHtml, mailButton, mailParagraph, oneLine } from "../mail/format-mail-html.ts";
import { faceOf, type MailBrand } from "../mail/mail-brand.ts";

type View = z.infer<typeof DigestView>;

/** Who a summary goes to, and where its links lead. */
export type DigestFrame = {
  to: string;
  accountName: string;
  pageUrl: string;
  /** Where the reader ends these mails. */
  stopUrl: string;
  /** Set in the mail that says that the next one comes in a month: where the reader keeps it weekly. */
  keepWeeklyUrl: string | null;
  /** Unset: ours. */
  brand?: MailBrand | undefined;
};

const NAMES: Record<DigestPeriod, string> = {
  daily: "Daily summary",
  weekly: "Weekly summary",
  monthly: "Monthly summary",
};

/**
 * A summary as mail, the same words as text and HTML, the verdict first. A quiet period is one line.
 *
 * RFC 8058 §3.1 (one-click unsubscribe), RFC 3834 §5 (Auto-Submitted)
 */
export function formatDigestMail(view: View, frame: DigestFrame): Mail {
  const name = oneLine(frame.accountName);
  const { head, shades, sender } = faceOf(frame.brand);
  const subject = `${name}: ${view.verdict.replace(/\.$/, "")}`;
  const days =
    view.from === view.to ? formatDay(view.from) : `${formatDay(view.from)} to ${formatDay(view.to)}`;
  const sections = listSections(view);
  const monthly = frame.keepWeeklyUrl
    ? "Nothing happened for eight weeks, so the next summary comes in a month. Alerts are mailed as before."
    : null;
  const foot = `${NAMES[view.period]} of ${name} by Waxseal, ${days} (UTC).`;
  const text = [
    view.verdict,
    ...sections.map(({ title, lines }) => `${title}\n${lines.map((line) => `- ${line}`).join("\n")}`),
    ...(monthly ? [`${monthly} Keep it weekly:\n${frame.keepWeeklyUrl}`] : []),
    `See all of it:\n${frame.pageUrl}`,
    `${foot}\nStop these summaries: ${frame.stopUrl}`,
  ].join("\n\n");
  return {
    ...{ to: frame.to, ...sender },
    subject: oneLine(subject),
    text: `${text}\n`,
    html: formatMailHtml({
      title: view.verdict,
      ...{ head, shades },
      blocks: [
        ...sections.map(sectionHtml),
        ...(monthly
          ? [
              mailParagraph(monthly),
              mailButton({ url: frame.keepWeeklyUrl ?? "", label: "Keep it weekly" }, shades),
            ]
          : []),
        mailButton({ url: frame.pageUrl, label: "See all of it" }, shades),
      ],
      foot: `${escapeHtml(foot)} <a href="${escapeHtml(frame.stopUrl)}">Stop these summaries</a>`,
    }),
    headers: {
      "Auto-Submitted": "auto-generated",
      "List-Unsubscribe": `<${frame.stopUrl}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
  };
}

type Section = { title: string; lines: string[] };

function listSections(view: View): Section[] {
  const { needs, changes, expiring, figures } = view;
  const more = needs.total - needs.items.length;
  const all: Section[] = [
    { title: "Connections in trusted reports", lines: figures ? figureLines(figures) : [] },
    {
      title: "What needs you",
      lines: [
        ...needs.items.map(
          ({ domain, customer, text }) => `${domain}${customer ? ` (${oneLine(customer)})` : ""}: ${text}`,
        ),
        ...(more > 0 ? [`${more} more`] : []),
      ],
    },
    { title: "What changed", lines: changes },
    {
      title: "Certificates that expire within 30 days",
      lines: expiring.map(
        ({ host, notAfter, domains }) =>
          `${host}: ${formatDay(notAfter)}${domains > 1 ? ` (${domains} domains)` : ""}`,
      ),
    },
  ];
  return all.filter(({ lines }) => lines.length > 0);
}

function figureLines({ sessions, failedSessions, senders }: NonNullable<View["figures"]>): string[] {
  if (sessions === 0) return ["No report came for these days."];
  const count = (number: number) => number.toLocaleString("en-US");
  const failed =
    failedSessions === 0 ? "none failed" : `${count(failedSessions)} refused, or would be if enforced`;
  return [
    `${count(sessions)} connections, ${failed}, ${count(senders)} ${senders === 1 ? "sender" : "senders"}`,
  ];
}

function sectionHtml({ title, lines }: Section): string {
  const items = lines.map((line) => `<li style="margin:0 0 6px">${escapeHtml(line)}</li>`).join("");
  return `<p style="margin:0 0 6px;font-size:16px;font-weight:600;color:#171b22">${escapeHtml(title)}</p>
<ul class="lines" style="margin:0 0 16px;padding:0 0 0 20px;font-size:16px;line-height:1.5;color:#171b22">${items}</ul>`;
}
