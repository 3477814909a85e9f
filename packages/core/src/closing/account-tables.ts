import { REPORT_TABLES } from "@waxseal/db";

/**
 * The tables whose rows belong to one account by their column `account_id`, all of which go with it.
 *
 * Not among them: `account` itself, `credential` (where the column is better-auth's word for another thing) and `domain_token`,
 * whose rows are never deleted. Messages go first: what is being made of one is then in the tables behind.
 */
export const ACCOUNT_TABLES = [
  "report_message",
  "report_effect",
  "tls_report",
  "tls_daily_sessions",
  "tls_daily_failures",
  "tls_total_sessions",
  "tls_total_failures",
  "tls_total_clusters",
  "tls_month_clusters",
  "tls_month_addresses",
  "tls_unsettled_day",
  "tls_changed_domain",
  "report_recount",
  "reporter_signer",
  "report_retention",
  "deletion_hold",
  "policy_fetch",
  "certificate",
  "certificate_name",
  "policy_version",
  "policy_assessment",
  "mx_sighting",
  "alert",
  "delivery",
  "notification",
  "subscription",
  "monthly_recipient",
  "channel",
  "incident_alert",
  "incident",
  "setup_record",
  "domain_share",
  "instruction_sheet",
  "account_brand",
  "brand_host",
  "domain_tag",
  "saved_filter",
  "policy_change_line",
  "policy_change",
  "domain_claim",
  "kept_answer",
  "outgoing_mail",
  "event",
  "domain",
  "invitation",
  "sso_identity",
  "account_sso",
  "member",
] as const;

const IN_REPORTS: ReadonlySet<string> = new Set(REPORT_TABLES);

/** Whether a table is in the database of reports. */
export function isReportTable(table: string): boolean {
  return IN_REPORTS.has(table);
}
