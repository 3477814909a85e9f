import type { ReportTrust, Transaction } from "@waxseal/db";
import { countDomainRows } from "./count-domain-rows.ts";
import { storedPolicies } from "./get-report.ts";
import { reportAsRow } from "./report-as-row.ts";
import { rowsAsJson } from "./rows-as-json.ts";
import type { UnderstoodReport } from "./understood-report.ts";

/** What is counted under an identity; `same`: the copy that takes its place says the same. */
export type CountedReport = {
  trust: ReportTrust;
  messageId: string;
  reporter: string;
  policies: unknown;
  same: boolean;
};

/**
 * Puts more trusted copies in the place of counted reports, whose rows the caller has locked, in the caller's transaction.
 *
 * Answers what is to be taken off the daily tables: the old reports with every figure negative. The message of one that
 * says something else goes to quarantine as a changed copy.
 */
export async function exchangeReports(
  db: Transaction,
  exchanges: ReadonlyMap<UnderstoodReport, CountedReport>,
  now: Date,
): Promise<UnderstoodReport[]> {
  if (exchanges.size === 0) return [];
  const json = rowsAsJson([...exchanges.keys()].map(reportAsRow));
  await db.$executeRaw`
    update tls_report t
    set message_id = r.message_id, reporter = r.reporter, submitter = r.submitter, contact_info = r.contact_info,
      successful_sessions = r.successful_sessions, failed_sessions = r.failed_sessions, result_types = r.result_types,
      trust = r.trust, transport = r.transport, quirks = r.quirks, policies = r.policies, received_at = r.received_at
    from jsonb_to_recordset(${json}::jsonb) as r(account_id text, report_day date, identity text, message_id uuid, reporter text,
      submitter text, contact_info text, successful_sessions bigint, failed_sessions bigint, result_types text[],
      trust report_trust, transport report_transport, quirks text[], policies jsonb, received_at timestamptz)
    where t.account_id = r.account_id and t.report_day = r.report_day and t.identity = r.identity`;
  await quarantineReplaced(db, exchanges, now);
  return [...exchanges].map(([report, counted]) => withdraw(report, counted));
}

async function quarantineReplaced(
  db: Transaction,
  exchanges: ReadonlyMap<UnderstoodReport, CountedReport>,
  now: Date,
): Promise<void> {
  const json = rowsAsJson(
    [...exchanges]
      .filter(([, { same }]) => !same)
      .map(([{ accountId, reportDay }, { messageId, reporter }]) => ({
        account_id: accountId,
        uuid: messageId,
        detail: `A more trusted report of ${reporter} for ${reportDay} with the same id says something else, and counts instead.`,
      })),
  );
  await db.$executeRaw`
    update report_message m
    set state = 'quarantined', quarantine_reason = 'changed-copy', quarantine_detail = r.detail, processed_at = ${now}::timestamptz
    from jsonb_to_recordset(${json}::jsonb) as r(account_id text, uuid uuid, detail text)
    where m.account_id = r.account_id and m.id = r.uuid`;
}

/** Two copies have their identity in common, so the account, domain and day; a reporter's name may differ in case. */
function withdraw(report: UnderstoodReport, { reporter, policies }: CountedReport): UnderstoodReport {
  const rows = countDomainRows(storedPolicies(policies));
  return {
    ...report,
    reporter,
    sessionRows: rows.sessionRows.map((row) => ({
      ...row,
      reports: -row.reports,
      successfulSessions: -row.successfulSessions,
      failedSessions: -row.failedSessions,
      countedSuccessful: -row.countedSuccessful,
      countedFailed: -row.countedFailed,
    })),
    failureRows: rows.failureRows.map((row) => ({
      ...row,
      failedSessions: -row.failedSessions,
      countedFailed: -row.countedFailed,
    })),
  };
}
