import { Prisma } from "@waxseal/db";
import type { Context } from "../../context.ts";
import type { ReportRange } from "../../day-range.ts";
import { type FailureFilter, matchesFailure } from "../totals/match-failure.ts";

type Detail = FailureFilter & { policy?: string | undefined };

/**
 * Conditions on `tls_report r`: reports with a policy, or with one failure that has all that is asked for. The daily tables name the days and domains that may have one,
 * so that few reports are opened.
 */
export function matchReportDetail(
  { accountId }: Pick<Context, "accountId">,
  { policy, result, mx, ip }: Detail,
  { from, to }: ReportRange,
): Prisma.Sql[] {
  const hasResult = result === undefined ? [] : [Prisma.sql`${result} = any(r.result_types)`];
  if (policy === undefined && mx === undefined && ip === undefined) return hasResult;
  const detail = {
    ...(result !== undefined && { resultType: result }),
    ...(mx !== undefined && { receivingMxHost: mx }),
    ...(ip !== undefined && { sendingMtaIp: ip }),
  };
  const isAboutFailure = mx !== undefined || ip !== undefined;
  const wanted = [
    {
      ...(policy !== undefined && { policyType: policy }),
      ...(isAboutFailure && { failureDetails: [detail] }),
    },
  ];
  const holds = Prisma.sql`r.policies @> ${JSON.stringify(wanted)}::jsonb`;
  if (!isAboutFailure) return [...hasResult, holds];
  const place = Prisma.sql`(r.report_day, r.domain_id) in (
    select report_day, domain_id from tls_daily_failures
    where account_id = ${accountId} and report_day between ${from}::date and ${to}::date
      and ${matchesFailure({ result, mx, ip })})`;
  return [...hasResult, place, holds];
}
