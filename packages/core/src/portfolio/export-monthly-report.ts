import type { MonthlyReportExportQuery, MonthlyReportView } from "@waxseal/contract";
import { formatFixOwner } from "@waxseal/contract/monthly-words";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { formatCsvRow } from "../format-csv-row.ts";
import { EXPORT_TYPES, type StreamedFile } from "../streamed-file.ts";
import { formatMonthlyHtml } from "./format-monthly-html.ts";
import { getMonthlyReport } from "./get-monthly-report.ts";

type View = z.infer<typeof MonthlyReportView>;

/** A monthly report as a file: JSON as the API answers it, CSV with one row for each figure, or a page of its own. @throws AppError as getMonthlyReport */
export async function exportMonthlyReport(
  ctx: Context,
  { format, ...query }: z.infer<typeof MonthlyReportExportQuery>,
): Promise<StreamedFile> {
  const report = await getMonthlyReport(ctx, query);
  const text = FORMATS[format](report);
  const name = report.about.name.replace(/[^a-zA-Z0-9.-]+/g, "-").slice(0, 60);
  return {
    fileName: `report-${name}-${report.month}.${format}`,
    contentType: format === "html" ? "text/html; charset=utf-8" : EXPORT_TYPES[format],
    chunks: (async function* () {
      yield text;
    })(),
  };
}

const FORMATS = {
  csv: formatMonthlyCsv,
  json: (report: View) => `${JSON.stringify(report, null, 2)}\n`,
  html: formatMonthlyHtml,
};

/** A row a figure: its part of the report, what it is about, the figures, and words. */
export function formatMonthlyCsv(report: View): string {
  const { totals, before, days, senders, failures, customers, domains, changes } = report;
  const row = (part: string, item: string, figures: Partial<typeof before> | null, words = "") =>
    formatCsvRow([
      ...[part, item, figures?.sessions ?? null, figures?.failedSessions ?? null],
      ...[figures?.successShare ?? null, words],
    ]);
  return [
    formatCsvRow(["part", "item", "sessions", "failed_sessions", "success_share", "words"]),
    row("month", report.month, totals, report.about.name),
    row("month before", before.month, before),
    ...days.map((day) => row("day", day.day, day.hasReports ? day : null, day.hasReports ? "" : "no report")),
    ...customers.map((customer) => row("customer", customer.name, customer)),
    ...domains.map(({ domain, sentence }) => row("domain", domain, null, sentence)),
    ...senders.map((sender) => row("sender", sender.name, sender)),
    ...failures.map((failure) =>
      formatCsvRow([
        ...["failure", failure.mxHost || failure.domains.join(" "), null, failure.failedSessions, null],
        `${failure.title}. ${formatFixOwner(failure.fixedBy)}. ${failure.nextStep}`,
      ]),
    ),
    ...report.customerFailures.map(({ customer, title, mxHost, failedSessions, fixedBy, nextStep }) =>
      formatCsvRow([
        ...["customer failure", `${customer} ${mxHost}`.trim(), null, failedSessions, null],
        `${title}. ${formatFixOwner(fixedBy)}. ${nextStep}`,
      ]),
    ),
    ...changes.map((change) => row("change", "", null, change)),
  ].join("");
}
