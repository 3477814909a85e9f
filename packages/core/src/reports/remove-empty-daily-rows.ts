import type { Transaction } from "@waxseal/db";
import { rowsAsJson } from "./rows-as-json.ts";
import type { UnderstoodReport } from "./understood-report.ts";

/** Removes what is left of withdrawn reports in the daily tables: rows that count nothing any more. */
export async function removeEmptyDailyRows(
  db: Transaction,
  withdrawn: readonly UnderstoodReport[],
): Promise<void> {
  if (withdrawn.length === 0) return;
  const places = rowsAsJson(
    withdrawn.map(({ accountId, reportDay, domainId, reporter }) => ({
      account_id: accountId,
      report_day: reportDay,
      domain_id: domainId,
      reporter,
    })),
  );
  await db.$executeRaw`
    delete from tls_daily_sessions t
    using jsonb_to_recordset(${places}::jsonb) as r(account_id text, report_day date, domain_id uuid, reporter text)
    where t.account_id = r.account_id and t.report_day = r.report_day and t.domain_id = r.domain_id and t.reporter = r.reporter
      and t.reports = 0 and t.successful_sessions = 0 and t.failed_sessions = 0`;
  await db.$executeRaw`
    delete from tls_daily_failures t
    using jsonb_to_recordset(${places}::jsonb) as r(account_id text, report_day date, domain_id uuid, reporter text)
    where t.account_id = r.account_id and t.report_day = r.report_day and t.domain_id = r.domain_id and t.reporter = r.reporter
      and t.failed_sessions = 0 and t.counted_failed = 0`;
}
