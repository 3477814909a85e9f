import type { ReportSummaryView } from "@waxseal/contract";
import type { ReportTransport, ReportTrust } from "@waxseal/db";
import type { z } from "zod";
import { safeCount } from "../../safe-count.ts";
import { trustLevel } from "../trust/report-source.ts";

/** A row of tls_report. */
export type ReportRow = {
  id: string;
  domain_id: string;
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

const SIGNATURES = {
  aligned: "valid",
  signed: "valid",
  broken: "broken",
  unsigned: "none",
  unauthenticated: "none",
  unknown: "unchecked",
} satisfies Record<ReportTrust, z.infer<typeof ReportSummaryView>["signature"]>;

/** From row to contract. Undefined without a domain: the account is being deleted, and the domain is gone already. */
export function presentReport(
  row: ReportRow,
  domain: string | undefined,
): z.infer<typeof ReportSummaryView> | undefined {
  if (domain === undefined) return undefined;
  return {
    id: row.id,
    domainId: row.domain_id,
    domain,
    reportDay: row.report_day,
    reporter: row.reporter,
    submitter: row.submitter,
    reportId: row.report_id,
    successfulSessions: safeCount(row.successful_sessions),
    failedSessions: safeCount(row.failed_sessions),
    resultTypes: row.result_types,
    trust: trustLevel(row.trust),
    signature: SIGNATURES[row.trust],
    signedBy: row.trust === "aligned" || row.trust === "signed" ? row.submitter : null,
    transport: row.transport,
    receivedAt: row.received_at.toISOString(),
  };
}
