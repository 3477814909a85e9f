export { APP_ROLES, type ConfinedApp, setAppRole } from "./app-roles.ts";
export { type DatabaseTraits, explainUnsuitable, readDatabaseTraits } from "./check-database.ts";
export { isDatabaseAway, isSerializationFailure } from "./classify-error.ts";
export { compareReports } from "./compare-reports.ts";
export {
  areReportsDistributed,
  type Database,
  inSqlTransaction,
  isOneDatabase,
  isUniqueViolation,
  openDatabase,
  type ReportsDatabase,
  type ReportsTransaction,
  reportsOf,
  reportsWithin,
  sqlDatabase,
  type Transaction,
} from "./database.ts";
export { distributeReports, NotDistributable } from "./distribute-reports.ts";
export { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
export { explainDatabaseError } from "./explain-database-error.ts";
export {
  type AccountSso,
  type AcmeAccount,
  type AcmeChallenge,
  type AcmeUseKind,
  type Alert,
  type Apikey,
  type Certificate,
  type CertificateName,
  CertificateState,
  type Channel,
  type Domain,
  type DomainClaim,
  DomainStatus,
  type DomainToken,
  type Event,
  type HandshakeFailure,
  type Incident,
  type IncidentAlert,
  type InstructionSheet,
  type Invitation,
  type Member,
  type MonthlyRecipient,
  type MxHostProbe,
  type Notification,
  type Organization,
  type PolicyAssessment,
  type PolicyChange,
  type PolicyChangeLine,
  type PolicyFetch,
  PolicyMode,
  type PolicyVersion,
  PolicyVersionState,
  Prisma,
  type ReportMessage,
  ReportMessageState,
  type ReportRetention,
  ReportTransport,
  ReportTrust,
  type SavedFilter,
  type ServingChange,
  ServingChangeKind,
  type ServingNode,
  ServingNodeKind,
  type SetupRecord,
  SetupRecordKind,
  SetupRecordState,
  type TlsDailyFailures,
  type TlsDailySessions,
  type TlsReport,
  type User,
} from "./generated/client.ts";
export { listen } from "./listen.ts";
export { migrate, migrateBoth, ReportsNotMoved } from "./migrate.ts";
export { type PlannedMigration, type PlannedStep, planMigrations, planScript } from "./plan-migrations.ts";
export { REPORT_TABLES } from "./report-tables.ts";
