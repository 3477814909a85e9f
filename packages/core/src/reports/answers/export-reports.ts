import type { ReportExportQuery } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../../context.ts";
import { reportRange } from "../../day-range.ts";
import { formatCsvRow } from "../../format-csv-row.ts";
import { EXPORT_TYPES, joinJsonArray, type StreamedFile } from "../../streamed-file.ts";
import { type Cell, EXPORT_VIEWS, type ExportPlace, readExportPage } from "./export-views.ts";
import { requireOwnDomain } from "./require-own-domain.ts";

type Query = z.infer<typeof ReportExportQuery>;

const PAGE_ROWS = 1_000;

/**
 * The figures or the list of reports of an account in a range of days, as CSV (RFC 4180) or a JSON array, of any size.
 *
 * Oldest day first. A page of rows is read whenever the receiver has taken the one before: neither memory nor a transaction
 * grows with the size. Reports that arrive meanwhile may be in it or not. In `daily` and `failures` the columns
 * `successfulSessions` and `failedSessions` add up to the totals of the summary with the same filters; those called `policy…` are
 * what one policy says on its own. `reports` lists each report whole that holds what was asked for. A CSV cell that a spreadsheet would take for a formula begins with an apostrophe.
 *
 * @throws AppError `not_found` – no such domain in this account
 * @throws AppError `invalid` – the range cannot be used
 */
export async function exportReports(ctx: Context, query: Query): Promise<StreamedFile> {
  const range = reportRange(query, ctx.now());
  await requireOwnDomain(ctx, query.domainId);
  const { header } = EXPORT_VIEWS[query.view];
  const pages = readPages(ctx, query, range);
  return {
    fileName: `tls-${query.view}-${range.from}-${range.to}.${query.format}`,
    contentType: EXPORT_TYPES[query.format],
    chunks: query.format === "csv" ? writeCsv(header, pages) : joinJsonArray(writeJson(header, pages)),
  };
}

async function* readPages(
  ctx: Context,
  { format: _, from: _from, to: _to, ...filter }: Query,
  range: { from: string; to: string },
): AsyncGenerator<Cell[][]> {
  let after: ExportPlace | undefined;
  do {
    const rows = await readExportPage(ctx, { ...filter, range, after, limit: PAGE_ROWS });
    if (rows.length > 0) yield rows.map(({ cells }) => cells);
    after = rows.length === PAGE_ROWS ? rows.at(-1)?.place : undefined;
  } while (after);
}

async function* writeCsv(header: readonly string[], pages: AsyncIterable<Cell[][]>): AsyncGenerator<string> {
  yield formatCsvRow(header);
  for await (const rows of pages) yield rows.map(formatCsvRow).join("");
}

async function* writeJson(
  header: readonly string[],
  pages: AsyncIterable<Cell[][]>,
): AsyncGenerator<string[]> {
  for await (const rows of pages) {
    yield rows.map((cells) =>
      JSON.stringify(Object.fromEntries(header.map((name, column) => [name, cells[column] ?? null]))),
    );
  }
}
