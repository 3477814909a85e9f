/**
 * The tables whose rows belong to one account by their column `account_id`, all of which go with it.
 *
 * Not among them: `account` itself, `credential` (where the column is better-auth's word for another thing) and `domain_token`,
 * whose rows are never deleted.
 */
export const ACCOUNT_TABLES = [
  "tls_report",
  "tls_daily_sessions",
  "tls_daily_failures",
  "tls_total_sessions",
  "tls_total_failures",
  "tls_total_clusters",
  "tls_month_clusters",
  "tls_month_addresses",
  "tls_unsettled_day",
  "report_message",
  "report_retention",
  "deletion_hold",
  "policy_fetch",
  "certificate",
  "certificate_name",
  "policy_version",
  "setup_record",
  "domain_share",
  "instruction_sheet",
  "account_brand",
  "domain_tag",
  "saved_filter",
  "policy_change_line",
  "policy_change",
  "domain_claim",
  "event",
  "domain",
  "invitation",
  "sso_identity",
  "account_sso",
  "member",
] as const;
