import { formatDay } from "@waxseal/contract/format-instant";
import type { ReportTrust } from "@waxseal/db";
import { textArray } from "@waxseal/db/arrays";
import type { SqlTransaction } from "@waxseal/db/sql";
import { countDomainRows, type DomainRows } from "../understanding/count-domain-rows.ts";
import { storedPolicies } from "../understanding/stored-policies.ts";
import type { UnderstoodReport } from "../understanding/understood-report.ts";
import { reportColumns } from "./report-columns.ts";

/** What is counted under an identity; `same`: the copy that takes its place says the same. */
export type CountedReport = {
  trust: ReportTrust;
  submitter: string | null;
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
  sql: SqlTransaction,
  exchanges: ReadonlyMap<UnderstoodReport, CountedReport>,
  now: Date,
): Promise<UnderstoodReport[]> {
  if (exchanges.size === 0) return [];
  const columns = reportColumns([...exchanges.keys()]);
  await sql.$executeRaw`
    update tls_report t
    set message_id = r.message_id::uuid, reporter = r.reporter, submitter = r.submitter, contact_info = r.contact_info,
      successful_sessions = r.successful_sessions, failed_sessions = r.failed_sessions,
      result_types = string_to_array(r.result_types, E'\\t'), trust = r.trust::report_trust, transport = r.transport::report_transport,
      quirks = string_to_array(r.quirks, E'\\t'), policies = r.policies, received_at = r.received_at
    from unnest(${columns.accountIds}::text[], ${columns.reportDays}::text[]::date[], ${columns.identities}::text[], ${columns.messageIds}::text[],
      ${columns.reporters}::text[], ${columns.submitters}::text[], ${columns.contactInfos}::text[], ${columns.successful}::int8[],
      ${columns.failed}::int8[], ${columns.resultTypes}::text[], ${columns.trusts}::text[], ${columns.transports}::text[],
      ${columns.quirks}::text[], ${columns.policies}::jsonb[], ${columns.receivedAt}::timestamptz[])
      as r(account_id, report_day, identity, message_id, reporter, submitter, contact_info, successful_sessions, failed_sessions,
        result_types, trust, transport, quirks, policies, received_at)
    where t.account_id = r.account_id and t.report_day = r.report_day and t.identity = r.identity`;
  await quarantineReplaced(sql, exchanges, now);
  return [...exchanges].map(([report, counted]) => withdraw(report, counted));
}

async function quarantineReplaced(
  sql: SqlTransaction,
  exchanges: ReadonlyMap<UnderstoodReport, CountedReport>,
  now: Date,
): Promise<void> {
  const replaced = [...exchanges].filter(([, { same }]) => !same);
  const details = replaced.map(
    ([{ reportDay }, { reporter }]) =>
      `A more trusted report of ${reporter} for ${formatDay(reportDay)} with the same id says something else, and counts instead.`,
  );
  await sql.$executeRaw`
    update report_message m
    set state = 'quarantined', quarantine_reason = 'changed-copy', quarantine_detail = r.detail, processed_at = ${now}::timestamptz
    from unnest(${textArray(replaced.map(([{ accountId }]) => accountId))}::text[],
      ${textArray(replaced.map(([, { messageId }]) => messageId))}::text[], ${textArray(details)}::text[]) as r(account_id, id, detail)
    where m.account_id = r.account_id and m.id = r.id::uuid`;
}

/** A counted report with every figure negative. Two copies have their identity in common, so the account, domain and day; a reporter's name may differ in case. */
export function withdraw(
  report: UnderstoodReport,
  { reporter, trust, submitter, policies }: Omit<CountedReport, "same">,
): UnderstoodReport {
  return { ...report, reporter, trust, submitter, ...negate(countDomainRows(storedPolicies(policies))) };
}

/** The same rows with every figure negative, to be taken off the daily tables. */
export function negate(rows: Pick<DomainRows, "sessionRows" | "failureRows">) {
  return {
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
