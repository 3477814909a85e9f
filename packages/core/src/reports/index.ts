export { findAccountsOverReports } from "../limits/account-quota.ts";
export { exportReports } from "./answers/export-reports.ts";
export { type FetchFaults, findFetchFaults } from "./answers/find-fetch-faults.ts";
export { getQuarantinedRaw } from "./answers/get-quarantined-raw.ts";
export { getReport } from "./answers/get-report.ts";
export { getReportRaw, type RawMessage } from "./answers/get-report-raw.ts";
export { listFailureClusters } from "./answers/list-failure-clusters.ts";
export { listQuarantine } from "./answers/list-quarantine.ts";
export { listReports } from "./answers/list-reports.ts";
export { listSourceDays } from "./answers/list-source-days.ts";
export { type ReportQueue, readReportQueue } from "./answers/read-report-queue.ts";
export { summarizeSessions } from "./answers/summarize-sessions.ts";
export { findTokenOwners, type TokenOwner } from "./arriving/find-token-owners.ts";
export { isStorageFull } from "./arriving/is-storage-full.ts";
export { type ArrivingReport, REPORTS_CHANNEL, receiveReport } from "./arriving/receive-report.ts";
export {
  type ImportDeps,
  type ImportedFile,
  importReport,
  importReports,
} from "./processing/import-report.ts";
export { learnReporters } from "./processing/learn-reporters.ts";
export {
  type MessageKey,
  type ProcessDeps,
  type ProcessedBatch,
  processReportMessages,
} from "./processing/process-report-messages.ts";
export { listUncheckedMessages, recheckReportTrust } from "./processing/recheck-report-trust.ts";
export {
  countRecountDays,
  type RecountedDays,
  recountReports,
  startRecount,
} from "./processing/recount-reports.ts";
export { reparseMessage } from "./processing/reparse-message.ts";
export { reparseQuarantine } from "./processing/reparse-quarantine.ts";
export { deliverReportEffects } from "./processing/report-effects.ts";
export type { StoredMessage } from "./processing/store-understood-messages.ts";
export type { ReportFile } from "./reading/list-import-pieces.ts";
export { expireReports } from "./retention/expire-reports.ts";
export { getRetention } from "./retention/get-retention.ts";
export { allowDeletions, listHeldDeletions, tellHeldDeletions } from "./retention/hold-large-deletions.ts";
export { removeDomainReports } from "./retention/remove-domain-reports.ts";
export { setRetention } from "./retention/set-retention.ts";
export { type SettledDays, settleReportDays } from "./totals/settle-report-days.ts";
export { createDkimKeyLookUp, type DkimKeyLookUp } from "./trust/create-dkim-key-look-up.ts";
export { type LookedAt, lookAtMessage } from "./understanding/look-at-message.ts";
