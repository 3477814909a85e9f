import { newRowId } from "./new-row-id.ts";
import type { UnderstoodReport } from "./understood-report.ts";

/** A report as one row of JSON for tls_report; `n` is its place in order. */
export function reportAsRow(report: UnderstoodReport, n: number) {
  return {
    n,
    account_id: report.accountId,
    report_day: report.reportDay,
    uuid: newRowId(report.receivedAt),
    domain_id: report.domainId,
    message_id: report.messageId,
    reporter: report.reporter,
    submitter: report.submitter,
    contact_info: report.contactInfo,
    report_id: report.reportId,
    start_at: report.startAt,
    end_at: report.endAt,
    successful_sessions: report.successfulSessions,
    failed_sessions: report.failedSessions,
    result_types: report.resultTypes,
    trust: report.trust,
    transport: report.transport,
    quirks: report.quirks,
    identity: report.identity,
    policies: report.policies,
    received_at: report.receivedAt,
  };
}
