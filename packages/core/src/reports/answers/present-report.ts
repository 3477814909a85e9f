import type { ReportSummaryView } from "@waxseal/contract";
import type { ReportTransport, ReportTrust } from "@waxseal/db";
import type { z } from "zod";
import { safeCount } from "../../safe-count.ts";

/** A row of tls_report with the name of its domain. */
export type ReportRow = {
  id: string;
  domain_id: string;
  domain: string;
  report_day: string;
  reporter: string;
  submitter: string | null;
  report_id: string;
  successful_sessions: bigint;
  failed_sessions: bigint;
  result_types: string[];
  trust: ReportTrust;
  transport: ReportTransport;
  received_at: Date;
};

/** From row to contract. */
export function presentReport(row: ReportRow): z.infer<typeof ReportSummaryView> {
  return {
    id: row.id,
    domainId: row.domain_id,
    domain: row.domain,
    reportDay: row.report_day,
    reporter: row.reporter,
    submitter: row.submitter,
    reportId: row.report_id,
    successfulSessions: safeCount(row.successful_sessions),
    failedSessions: safeCount(row.failed_sessions),
    resultTypes: row.result_types,
    trust: row.trust,
    transport: row.transport,
    receivedAt: row.received_at.toISOString(),
  };
}
