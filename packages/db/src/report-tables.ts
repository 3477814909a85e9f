/** The tables that may live in a database of their own (`REPORTS_DATABASE_URL`); all others are state. */
export const REPORT_TABLES = [
  "report_message",
  "report_effect",
  "tls_report",
  "tls_changed_domain",
  "tls_daily_sessions",
  "tls_daily_failures",
  "tls_unsettled_day",
  "tls_total_sessions",
  "tls_total_failures",
  "tls_total_clusters",
  "tls_month_clusters",
  "tls_month_addresses",
] as const;
