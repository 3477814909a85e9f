import type { MonthlyReportView } from "@waxseal/contract";
import { formatFixOwner, formatMonth } from "@waxseal/contract/monthly-words";
import type { z } from "zod";
import type { Mail } from "../mail/create-mailer.ts";
import { escapeHtml, formatMailHtml, mailButton, mailParagraph, oneLine } from "../mail/format-mail-html.ts";
import { faceOf, type MailBrand } from "../mail/mail-brand.ts";
import { describeEvidence, describeMonthlyFailure, formatShare, monthlyTitle } from "./describe-monthly.ts";

type View = z.infer<typeof MonthlyReportView>;

/** Who a monthly report goes to, where its links lead, and the file that goes along. */
export type MonthlyFrame = {
  to: string;
  pageUrl: string;
  /** Where the reader ends these mails. */
  stopUrl: string;
  logo: { bytes: Uint8Array; contentType: string } | null;
  pdf: Uint8Array | undefined;
  /** The provider's colours and sender name; unset: ours. */
  face?: MailBrand | undefined;
};

const SHOWN_FAILURES = 5;
const SHOWN_CUSTOMERS = 20;
const SHOWN_CHANGES = 10;

/**
 * A monthly report as mail in the name of the one who made it, the same words as text and HTML. The page behind the link, and the PDF where
 * there is one, hold all of it.
 *
 * RFC 8058 §3.1 (one-click unsubscribe), RFC 3834 §5 (Auto-Submitted)
 */
export function formatMonthlyMail(report: View, frame: MonthlyFrame): Mail {
  const title = oneLine(monthlyTitle(report));
  const brand = oneLine(report.brand.name);
  const { shades, sender } = faceOf(frame.face);
  const sections = listSections(report);
  const evidence = describeEvidence(report);
  const foot = `Monthly report of ${oneLine(report.about.name)}, prepared by ${brand} with Waxseal.`;
  const text = [
    title,
    ...sections.map((one) => `${one.title}\n${one.lines.map((line) => `- ${line}`).join("\n")}`),
    evidence,
    `${LINK.text}:\n${frame.pageUrl}`,
    `${foot}\nStop these reports: ${frame.stopUrl}`,
  ].join("\n\n");
  return {
    ...{ to: frame.to, ...sender },
    subject: title,
    text: `${text}\n`,
    html: formatMailHtml({
      ...{ title, shades },
      head: frame.logo
        ? `<img src="cid:${LOGO_ID}" alt="${escapeHtml(brand)}" style="max-height:48px;max-width:240px">`
        : escapeHtml(brand),
      blocks: [
        ...sections.map(sectionHtml),
        mailParagraph(evidence),
        mailButton({ url: frame.pageUrl, label: LINK.label }, shades),
      ],
      foot: `${escapeHtml(foot)} <a href="${escapeHtml(frame.stopUrl)}">Stop these reports</a>`,
    }),
    ...(frame.logo && { picture: { id: LOGO_ID, ...frame.logo } }),
    ...(frame.pdf && {
      file: { name: `report-${report.month}.pdf`, contentType: "application/pdf", bytes: frame.pdf },
    }),
    headers: {
      "Auto-Submitted": "auto-generated",
      "List-Unsubscribe": `<${frame.stopUrl}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
  };
}

const LOGO_ID = "logo@waxseal";
const LINK = { text: "The whole report, to read or print", label: "Open the whole report" };

type Section = { title: string; lines: string[] };

function listSections(report: View): Section[] {
  const { failures, customers, customerFailures, changes } = report;
  const all: Section[] = [
    { title: "Connections in proven reports", lines: figureLines(report) },
    {
      title: "What failed and who can fix it",
      lines: [
        ...failures
          .slice(0, SHOWN_FAILURES)
          .map(
            (failure) =>
              `${`${failure.title} ${failure.mxHost}`.trim()}: ${fix(failure)} ${describeMonthlyFailure(failure)}`,
          ),
        ...more(failures, SHOWN_FAILURES),
      ],
    },
    {
      title: "What failed at customers, and who can fix it",
      lines: [
        ...customerFailures
          .slice(0, SHOWN_FAILURES)
          .map(
            (failure) => `${oneLine(failure.customer)}: ${failure.title} ${failure.mxHost}. ${fix(failure)}`,
          ),
        ...more(customerFailures, SHOWN_FAILURES),
      ],
    },
    {
      title: "Customers",
      lines: [
        ...customers
          .slice(0, SHOWN_CUSTOMERS)
          .map(
            ({ name, sessions, failedSessions, successShare }) =>
              `${oneLine(name)}: ${sessions === 0 ? "no report" : `${formatShare(successShare)} of ${count(sessions)}, ${count(failedSessions)} failed`}`,
          ),
        ...more(customers, SHOWN_CUSTOMERS),
      ],
    },
    { title: "What changed", lines: [...changes.slice(0, SHOWN_CHANGES), ...more(changes, SHOWN_CHANGES)] },
  ];
  return all.filter(({ lines }) => lines.length > 0);
}

function figureLines({ totals, before, month }: View): string[] {
  if (totals.sessions === 0) return [`No report came for the days of ${formatMonth(month)}.`];
  const failed =
    totals.failedSessions === 0
      ? "none failed"
      : `${count(totals.failedSessions)} refused, or would be if enforced`;
  const gaps =
    totals.gapDays > 0
      ? [
          `${count(totals.gapDays)} ${totals.gapDays === 1 ? "day" : "days"} without a report (unknown, not zero)`,
        ]
      : [];
  const then =
    before.successShare === null
      ? []
      : [`${formatShare(before.successShare)} successful in ${formatMonth(before.month)}`];
  return [`${count(totals.sessions)} connections, ${failed}`, ...then, ...gaps];
}

function fix({ fixedBy, nextStep }: { fixedBy: string; nextStep: string }): string {
  return fixedBy === "nobody" ? nextStep : `Who needs to fix it: ${formatFixOwner(fixedBy)}. ${nextStep}`;
}

function more(items: readonly unknown[], shown: number): string[] {
  return items.length > shown ? [`${count(items.length - shown)} more in the whole report`] : [];
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function sectionHtml({ title, lines }: Section): string {
  const items = lines.map((line) => `<li style="margin:0 0 6px">${escapeHtml(line)}</li>`).join("");
  return `<p style="margin:0 0 6px;font-size:16px;font-weight:600;color:#171b22">${escapeHtml(title)}</p>
<ul class="lines" style="margin:0 0 16px;padding:0 0 0 20px;font-size:16px;line-height:1.5;color:#171b22">${items}</ul>`;
}
