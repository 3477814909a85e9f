import { textArray } from "@waxseal/db/arrays";
import type { SqlTransaction } from "@waxseal/db/sql";
import { sourceKey } from "../trust/report-source.ts";
import type { DailyReport } from "./add-daily-rows.ts";

/** Removes the daily rows of withdrawn reports that no longer count anything. */
export async function removeEmptyDailyRows(
  sql: SqlTransaction,
  withdrawn: readonly DailyReport[],
): Promise<void> {
  if (withdrawn.length === 0) return;
  const accountIds = textArray(withdrawn.map(({ accountId }) => accountId));
  const reportDays = textArray(withdrawn.map(({ reportDay }) => reportDay));
  const domainIds = textArray(withdrawn.map(({ domainId }) => domainId));
  const reporters = textArray(withdrawn.map(sourceKey));
  await sql.$executeRaw`
    delete from tls_daily_sessions t
    using unnest(${accountIds}::text[], ${reportDays}::text[]::date[], ${domainIds}::text[], ${reporters}::text[])
      as r(account_id, report_day, domain_id, reporter)
    where t.account_id = r.account_id and t.report_day = r.report_day and t.domain_id = r.domain_id::uuid and t.reporter = r.reporter
      and t.reports = 0 and t.successful_sessions = 0 and t.failed_sessions = 0`;
  await sql.$executeRaw`
    delete from tls_daily_failures t
    using unnest(${accountIds}::text[], ${reportDays}::text[]::date[], ${domainIds}::text[], ${reporters}::text[])
      as r(account_id, report_day, domain_id, reporter)
    where t.account_id = r.account_id and t.report_day = r.report_day and t.domain_id = r.domain_id::uuid and t.reporter = r.reporter
      and t.failed_sessions = 0 and t.counted_failed = 0`;
}
