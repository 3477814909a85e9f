import type { ReportListQuery, ReportListView } from "@waxseal/contract";
import { Prisma } from "@waxseal/db";
import type { z } from "zod";
import { allOf } from "../../all-of.ts";
import type { Context } from "../../context.ts";
import { reportRange } from "../../day-range.ts";
import { findDomainNames } from "../../domains/find-domain-names.ts";
import { formatCursor, parseCursor } from "../../list-cursor.ts";
import { makePage } from "../../list-page.ts";
import { matchesReport } from "../trust/report-source.ts";
import { matchReportDetail } from "./match-report-detail.ts";
import { presentReport, type ReportRow } from "./present-report.ts";
import { requireOwnDomain } from "./require-own-domain.ts";

/**
 * The reports of an account in a range of days, newest day first, a page at a time.
 *
 * @throws AppError `not_found` – no such domain in this account
 * @throws AppError `invalid` – the range or cursor cannot be used
 */
export async function listReports(
  ctx: Context,
  query: z.infer<typeof ReportListQuery>,
): Promise<z.infer<typeof ReportListView>> {
  const { from, to } = reportRange(query, ctx.now());
  await requireOwnDomain(ctx, query.domainId);
  const conditions = [
    Prisma.sql`r.account_id = ${ctx.accountId}`,
    Prisma.sql`r.report_day between ${from}::date and ${to}::date`,
  ];
  if (query.domainId !== undefined) conditions.push(Prisma.sql`r.domain_id = ${query.domainId}::uuid`);
  conditions.push(matchesReport(query));
  conditions.push(...matchReportDetail(ctx, query, { from, to }));
  if (query.cursor !== undefined) {
    const { at, id } = parseCursor(query.cursor);
    conditions.push(Prisma.sql`(r.report_day, r.id) < (${at.slice(0, 10)}::date, ${id}::uuid)`);
  }
  // Newest day first, then newest id; of one day in one second the id decides:
  //   2026-03-12 | 0195a0c1-… | Example Mail
  //   2026-03-12 | 0195a0b7-… | Other Mail      the cursor is here
  //   2026-03-11 | 0195a0c2-… | Example Mail    the first row of the next page
  const rows = await ctx.reports.$queryRaw<ReportRow[]>`
    select r.id::text, r.domain_id::text, r.report_day::text, r.reporter, r.submitter, r.report_id, r.successful_sessions,
      r.failed_sessions, r.result_types, r.trust::text, r.transport::text, r.received_at
    from tls_report r
    where ${allOf(conditions)}
    order by r.report_day desc, r.id desc
    limit ${query.limit + 1}`;
  const { page, nextCursor } = makePage(rows, query, (last) =>
    formatCursor({ at: last.report_day, id: last.id }),
  );
  const domainOf = await findDomainNames(
    ctx,
    page.map(({ domain_id }) => domain_id),
  );
  return {
    items: page.flatMap((row) => presentReport(row, domainOf.get(row.domain_id)) ?? []),
    nextCursor,
  };
}
