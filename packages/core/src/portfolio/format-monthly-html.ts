import type { MonthlyReportView } from "@waxseal/contract";
import { formatDay, formatInstant } from "@waxseal/contract/format-instant";
import { formatFixOwner, formatMonth } from "@waxseal/contract/monthly-words";
import type { z } from "zod";
import { escapeHtml } from "../mail/format-mail-html.ts";
import { describeEvidence, describeMonthlyFailure, formatShare, monthlyTitle } from "./describe-monthly.ts";
import { MONTHLY_STYLE } from "./monthly-style.ts";

type View = z.infer<typeof MonthlyReportView>;

/** What the page may do: show text, its own style and the logo inside it. */
export const MONTHLY_POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * A monthly report as one page that needs nothing else: no script, no address outside, its logo inside. It is what is printed to PDF, and
 * what the links of monthly mails show.
 */
export function formatMonthlyHtml(report: View): string {
  const parts = [
    cover(report),
    figures(report),
    chart(report),
    failures(report),
    customerFailures(report),
    table("Customers", ["Customer", ...NUMBERS], report.customers.map(numbersOf)),
    table(
      "Domains, as they were when this report was made",
      ["Domain", "State"],
      report.domains.map(({ domain, sentence }) => [domain, sentence]),
    ),
    table("Who reported", ["Sender", ...NUMBERS], report.senders.map(numbersOf)),
    section("What changed", list(report.changes) || "<p>Nothing changed.</p>"),
    section("What this rests on", `<p>${escapeHtml(describeEvidence(report))}</p>`),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${MONTHLY_POLICY}">
<title>${escapeHtml(monthlyTitle(report))}</title><style>${MONTHLY_STYLE}</style></head>
<body><main>
${parts.filter(Boolean).join("\n")}
</main></body></html>
`;
}

function cover({ brand, about, month, from, to, isComplete, madeAt }: View): string {
  const logo = brand.logo
    ? `<img class="logo" src="${escapeHtml(brand.logo)}" alt="Logo of ${escapeHtml(brand.name)}">`
    : "";
  const open = isComplete ? "" : " The month is not over: later days are missing.";
  return `<header>${logo}<h1>${escapeHtml(about.name)}</h1>
<p class="lead">Mail encryption in ${formatMonth(month)}</p>
<p class="soft">${formatDay(from)} to ${formatDay(to)}, UTC.${open} Prepared by ${escapeHtml(brand.name)} on ${formatInstant(madeAt)}.</p></header>`;
}

function figures({ totals, before }: View): string {
  const then =
    before.successShare === null
      ? `No report in ${formatMonth(before.month)}`
      : `${formatShare(before.successShare)} in ${formatMonth(before.month)}`;
  const items = [
    ["Successful", formatShare(totals.successShare), then],
    ["Connections", count(totals.sessions), "In proven reports"],
    ["Failed", count(totals.failedSessions), "Refused, or would be if enforced"],
    ["Days without a report", count(totals.gapDays), "Unknown, not zero"],
  ];
  const cells = items.map(
    ([name, value, note]) =>
      `<div><dt>${name}</dt><dd class="figure">${value}</dd><dd class="soft">${note}</dd></div>`,
  );
  return `<dl class="figures">${cells.join("")}</dl>`;
}

/** A column a day: successful below failed, which is striped and never too low to be seen; hatched without a report. */
function chart({ days }: View): string {
  const top = Math.max(1, ...days.map(({ sessions }) => sessions));
  const columns = days.map(({ day, sessions, failedSessions, hasReports }) => {
    const words = hasReports
      ? `${formatDay(day)}: ${count(sessions)} connections, ${count(failedSessions)} failed`
      : `${formatDay(day)}: no report`;
    const bar = (kind: string, value: number) =>
      value > 0 ? `<i class="${kind}" style="height:${((100 * value) / top).toFixed(2)}%"></i>` : "";
    const bars = bar("bad", failedSessions) + bar("good", sessions - failedSessions);
    return `<span class="${hasReports ? "day" : "day gap"}" title="${words}">${bars}</span>`;
  });
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return "";
  return section(
    "Connections per day",
    `<p class="soft">Up to ${count(top)} a day</p><div class="chart" aria-hidden="true">${columns.join("")}</div>
<p class="ends soft"><span>${formatDay(first.day)}</span><span>${formatDay(last.day)}</span></p>
<p class="soft"><i class="key good"></i> Successful <i class="key bad"></i> Failed <i class="key gap"></i> No report (unknown, not zero)</p>`,
  );
}

function failures({ failures: found }: View): string {
  const items = found.map(
    (failure) =>
      `<li><strong>${escapeHtml(`${failure.title} ${failure.mxHost}`.trim())}</strong>
<p>${escapeHtml(failure.meaning)}</p><p>${escapeHtml(fix(failure))}</p>
<p class="soft">${escapeHtml(describeMonthlyFailure(failure))}</p></li>`,
  );
  return section(
    "What failed and who can fix it",
    items.length === 0 ? "<p>No failure was reported.</p>" : `<ul class="plain">${items.join("")}</ul>`,
  );
}

function customerFailures({ customerFailures: found }: View): string {
  return table(
    "What failed at customers, and who can fix it",
    ["Customer", "What failed", "Connections", "Who needs to fix it"],
    found.map((failure) => [
      failure.customer,
      `${failure.title} ${failure.mxHost} (${failure.domains.join(", ")})`,
      count(failure.failedSessions),
      `${formatFixOwner(failure.fixedBy)}. ${failure.nextStep}`,
    ]),
  );
}

function fix({ fixedBy, nextStep }: { fixedBy: string; nextStep: string }): string {
  return fixedBy === "nobody" ? nextStep : `Who needs to fix it: ${formatFixOwner(fixedBy)}. ${nextStep}`;
}

const NUMBERS = ["Connections", "Failed", "Successful"];

type Figures = { name: string; sessions: number; failedSessions: number; successShare: number | null };

function numbersOf({ name, sessions, failedSessions, successShare }: Figures): string[] {
  return [name, count(sessions), count(failedSessions), formatShare(successShare)];
}

function table(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const cellOf = (tag: "th" | "td", text: string, place: number) =>
    `<${tag}${NUMBERS.includes(heads[place] ?? "") ? ' class="number"' : ""}>${escapeHtml(text)}</${tag}>`;
  const line = (tag: "th" | "td", cells: readonly string[]) =>
    `<tr>${cells.map((text, place) => cellOf(tag, text, place)).join("")}</tr>`;
  return section(
    title,
    `<table><thead>${line("th", heads)}</thead><tbody>${rows.map((row) => line("td", row)).join("\n")}</tbody></table>`,
  );
}

function section(title: string, html: string): string {
  return `<section><h2>${escapeHtml(title)}</h2>${html}</section>`;
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
