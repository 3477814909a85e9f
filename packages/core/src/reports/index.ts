export { createDkimKeyLookUp, type DkimKeyLookUp } from "./create-dkim-key-look-up.ts";
export { expireReports } from "./expire-reports.ts";
export { exportReports } from "./export-reports.ts";
export { findTokenOwner, type TokenOwner } from "./find-token-owner.ts";
export { getQuarantinedRaw } from "./get-quarantined-raw.ts";
export { getReport } from "./get-report.ts";
export { getReportRaw, type RawMessage } from "./get-report-raw.ts";
export { getRetention } from "./get-retention.ts";
export {
  type ImportDeps,
  type ImportedFile,
  importReport,
  importReports,
  type ReportFile,
} from "./import-report.ts";
export { isStorageFull } from "./is-storage-full.ts";
export { listFailureClusters } from "./list-failure-clusters.ts";
export { listQuarantine } from "./list-quarantine.ts";
export { listReports } from "./list-reports.ts";
export {
  type MessageKey,
  type ProcessDeps,
  type ProcessedBatch,
  processReportMessages,
} from "./process-report-messages.ts";
export { type ArrivingReport, REPORTS_CHANNEL, receiveReport } from "./receive-report.ts";
export { listUncheckedMessages, recheckReportTrust } from "./recheck-report-trust.ts";
export { reparseMessage } from "./reparse-message.ts";
export { reparseQuarantine } from "./reparse-quarantine.ts";
export { setRetention } from "./set-retention.ts";
export { type SettledDays, settleReportDays } from "./settle-report-days.ts";
export type { StoredMessage } from "./store-understood-messages.ts";
export { summarizeSessions } from "./summarize-sessions.ts";
