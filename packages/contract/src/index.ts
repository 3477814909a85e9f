export {
  AccountNameBody,
  ApiKeyBody,
  ApiKeyListView,
  ApiKeyView,
  CreatedApiKeyView,
  InfoView,
  MeView,
  OwnSignInBody,
  SandboxBody,
  SandboxFaultBody,
  SandboxLogView,
  SignUpView,
  TwoFactorRuleBody,
} from "./account-shapes.ts";
export {
  AlertSeverity,
  AlertWebhookBody,
  ChannelBody,
  ChannelChangeBody,
  ChannelKind,
  ChannelListView,
  ChannelMatch,
  ChannelSecretView,
  ChannelState,
  ChannelTestView,
  ChannelView,
  CreatedChannelView,
  DeliveryListView,
  DeliveryView,
  IncidentDetailView,
  IncidentListView,
  IncidentNoteBody,
  IncidentQuery,
  IncidentView,
  NotificationKind,
  SnoozeBody,
  SubscriptionBody,
  SubscriptionView,
} from "./alert-shapes.ts";
export type { BrandShades } from "./brand-color.ts";
export {
  BrandBody,
  BrandHostBody,
  BrandHostView,
  BrandView,
  LogoBody,
  ShownBrand,
  ShownColors,
} from "./brand-shapes.ts";
export { CheckFinding, CheckQuery, CheckView } from "./check.ts";
export { ClosingBody, ClosingView } from "./closing-shapes.ts";
export { compareNames } from "./compare-names.ts";
export {
  AccountChoiceBody,
  CustomerBody,
  CustomerChangeBody,
  CustomerListQuery,
  CustomerListView,
  CustomerReportsQuery,
  CustomerReportsView,
  CustomerView,
  ExternalId,
  PortfolioQuery,
  PortfolioView,
} from "./customer-shapes.ts";
export {
  DeviceAllowBody,
  DeviceKeyView,
  DeviceLoginBody,
  DeviceLoginStartView,
  DeviceLoginView,
  DevicePollBody,
  UserCode,
} from "./device-shapes.ts";
export { DigestPeriod, DigestQuery, DigestView } from "./digest-shapes.ts";
export { BulkAddBody, BulkAddView, DomainPreviewBody, DomainPreviewView } from "./domain-preview.ts";
export {
  CertificateState,
  CertificateView,
  DnsHostView,
  DomainBody,
  DomainListQuery,
  DomainListView,
  DomainStatus,
  DomainSummaryView,
  DomainView,
  Id,
  Misdirection,
  MxHostView,
  MxListView,
  MxState,
  ReadinessStep,
  ReportFigures,
  SetupRecordKind,
  SetupRecordState,
  SetupRecordView,
} from "./domain-shapes.ts";
export { CreatedShareView, SharedSetupView, ShareToken, ShareView } from "./domain-shares.ts";
export { DomainSurveyView } from "./domain-survey.ts";
export {
  APP_ERROR_CODES,
  type AppErrorCode,
  DOMAIN_QUESTION_CODES,
  DomainQuestionView,
  FieldError,
  ProblemView,
} from "./errors.ts";
export {
  EVENT_KINDS,
  EventExportQuery,
  type EventKind,
  EventListQuery,
  EventListView,
  EventView,
} from "./events.ts";
export { AlertExplanationView, WatchState } from "./explanation-shapes.ts";
export { FindQuery, FoundView } from "./find-shapes.ts";
export { FRESH_SIGN_IN_MS } from "./fresh-sign-in.ts";
export {
  ATTENTION_STATES,
  EnforceReadiness,
  HealthCheck,
  HealthFilter,
  HealthState,
  HealthView,
} from "./health-shapes.ts";
export { HomeView } from "./home-shapes.ts";
export {
  CreatedSheetView,
  InstructionExportQuery,
  InstructionQuery,
  InstructionsView,
  SharedExportQuery,
  SharedInstructionQuery,
  SharedInstructionsView,
  SheetBody,
  SheetListView,
  SheetToken,
} from "./instruction-shapes.ts";
export {
  PolicyAssessmentView,
  PolicySimulationView,
  UNSAFE_CODES,
  type UnsafeCode,
  UnsafeLevel,
  UnsafeReasonView,
} from "./interlock-shapes.ts";
export {
  InvitationBody,
  InvitationLinkView,
  InvitationListView,
  InvitationToken,
  InvitationView,
  JoinedView,
  MemberBody,
  MemberListView,
  RemovalQuery,
} from "./member-shapes.ts";
export {
  MonthlyRecipientBody,
  MonthlyRecipientListView,
  MonthlyRecipientView,
  MonthlyReportExportQuery,
  MonthlyReportQuery,
  MonthlyReportView,
  MonthlyToCustomersBody,
} from "./monthly-report-shapes.ts";
export { readOwnPath } from "./own-path.ts";
export { MAX_PAGE, PageQuery, pageQuery } from "./page-shapes.ts";
export { PasskeyBody, PasskeyListView } from "./passkey-shapes.ts";
export {
  type Action,
  API_KEY_SCOPES,
  type ApiKeyScope,
  actionsOf,
  coversScope,
  type Grantee,
  mayDo,
  PERMISSIONS,
  ROLES,
  type Role,
  readRole,
  SCOPE_ROLES,
  scopeOf,
} from "./permissions.ts";
export {
  DEPARTURE_REASONS,
  type DepartureReason,
  EmailChangeBody,
  EmailChangeToken,
  EmailChangeView,
  NewAccountBody,
  NewAccountView,
  PersonNameBody,
  PersonView,
  readDepartureReason,
} from "./person-shapes.ts";
export {
  ContinueBody,
  PolicyChangeBody,
  PolicyChangeListView,
  PolicyChangeView,
  PolicyEdit,
  PolicyLineAssessment,
  PolicyLineListView,
  PolicyLineQuery,
  PolicyLineState,
} from "./policy-change-shapes.ts";
export { FetchQuery, FetchSummaryView } from "./policy-fetches.ts";
export {
  PolicyAssessBody,
  PolicyBody,
  PolicyMode,
  PolicyVersionListView,
  PolicyVersionState,
  PolicyVersionView,
  PolicyView,
  RestoreBody,
} from "./policy-shapes.ts";
export {
  COLLISION_KINDS,
  type ConflictWithoutObject,
  PROBLEM_REASON_NAMES,
  PROBLEM_REASONS,
  type ProblemReason,
  type ReasonOf,
  usualReason,
} from "./problem-reasons.ts";
export {
  QuarantineListQuery,
  QuarantineListView,
  QuarantineReason,
  QuarantineView,
  ReparsedQuarantineView,
  ReparseQuarantineBody,
  ReparseView,
} from "./quarantine-shapes.ts";
export { MAX_RETENTION_DAYS, RetentionBody, RetentionView } from "./retention-shapes.ts";
export { ServedPolicyView } from "./served-policy.ts";
export { SessionListView } from "./session-shapes.ts";
export { readSignInMethod, type SignInMethod, SsoBody, SsoView } from "./sso-shapes.ts";
export {
  SavedFilterBody,
  SavedFilterListView,
  SavedFilterPage,
  SavedFilterView,
  TagBody,
  TaggedView,
  TagListView,
  TagQuery,
} from "./tag-shapes.ts";
export {
  ClusterQuery,
  Day,
  FailureClusterListView,
  FailureClusterView,
  FailureDetailView,
  GroupBy,
  ReportExportQuery,
  ReportListQuery,
  ReportListView,
  ReportSignature,
  ReportSummaryView,
  ReportTransport,
  ReportTrust,
  ReportView,
  SessionTotals,
  SourceDaysQuery,
  SourceDaysView,
  SummaryQuery,
  SummaryRow,
  SummaryView,
} from "./tls-reports.ts";
