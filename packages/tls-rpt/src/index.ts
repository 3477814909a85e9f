export {
  countFailed,
  countReport,
  type DomainCounts,
  type FailureCounts,
  NO_REASON,
  type PolicyCounts,
  SEVERAL_REASONS,
} from "./count-report.ts";
export { findReportEncoding, type ReportEncoding, toUtf8 } from "./decode-report-text.ts";
export { explainCause, explainFailure, type FailureExplanation } from "./explain-failure.ts";
export { findReportDay } from "./find-report-day.ts";
export {
  type FindTlsRptRecordProblemCode,
  type FindTlsRptRecordResult,
  findTlsRptRecord,
} from "./find-tls-rpt-record.ts";
export { formatTlsReport } from "./format-tls-report.ts";
export { formatTlsRptRecord } from "./format-tls-rpt-record.ts";
export {
  type ParseTlsReportOptions,
  parseTlsReport,
  type TlsReportProblemCode,
  type TlsReportResult,
} from "./parse-tls-report.ts";
export { type ParsedTlsReports, parseTlsReports } from "./parse-tls-reports.ts";
export {
  parseTlsRptRecord,
  type TlsRptRecord,
  type TlsRptRecordProblemCode,
  type TlsRptRecordResult,
} from "./parse-tls-rpt-record.ts";
export { QUIRKS, type Quirk, type QuirkCode } from "./quirks.ts";
export { readTlsReportFileName, type TlsReportFileName } from "./read-tls-report-file-name.ts";
export {
  type MailedTlsReport,
  readTlsReportMail,
  type TlsReportMail,
  type TlsReportMailLimits,
} from "./read-tls-report-mail.ts";
export { readTlsReportSubject, type TlsReportSubject } from "./read-tls-report-subject.ts";
export {
  explainResultType,
  type FixOwner,
  findResultType,
  RESULT_TYPES,
  type ResultType,
  type ResultTypeGroup,
} from "./result-types.ts";
export { type SplitTlsReports, splitTlsReports, type TextPiece } from "./split-tls-reports.ts";
export type { FailureDetail, PolicyResult, TlsReport } from "./tls-report.ts";
export { DEFAULT_TLS_REPORT_LIMITS, type TlsReportLimits } from "./tls-report-limits.ts";
export type { WireFailureDetail, WirePolicyResult, WireTlsReport } from "./wire-tls-report.ts";
