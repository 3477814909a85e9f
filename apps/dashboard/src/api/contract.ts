import type * as contract from "@waxseal/contract";

// Types only: zod stays on the server, where answers are made and requests are checked.
type Shape<S extends { _output: unknown }> = S["_output"];

export type ApiKeyListView = Shape<typeof contract.ApiKeyListView>;
export type CertificateView = Shape<typeof contract.CertificateView>;
export type CreatedApiKeyView = Shape<typeof contract.CreatedApiKeyView>;
export type DomainListView = Shape<typeof contract.DomainListView>;
export type DomainStatus = Shape<typeof contract.DomainStatus>;
export type DomainSummaryView = Shape<typeof contract.DomainSummaryView>;
export type DomainView = Shape<typeof contract.DomainView>;
export type EventListView = Shape<typeof contract.EventListView>;
export type EventView = Shape<typeof contract.EventView>;
export type FailureDetailView = Shape<typeof contract.FailureDetailView>;
export type GroupBy = Shape<typeof contract.GroupBy>;
export type InfoView = Shape<typeof contract.InfoView>;
export type MeView = Shape<typeof contract.MeView>;
export type MemberListView = Shape<typeof contract.MemberListView>;
export type MxHostView = Shape<typeof contract.MxHostView>;
export type PolicyBody = Shape<typeof contract.PolicyBody>;
export type PolicyVersionListView = Shape<typeof contract.PolicyVersionListView>;
export type PolicyVersionView = Shape<typeof contract.PolicyVersionView>;
export type ProblemView = Shape<typeof contract.ProblemView>;
export type QuarantineListView = Shape<typeof contract.QuarantineListView>;
export type QuarantineReason = Shape<typeof contract.QuarantineReason>;
export type QuarantineView = Shape<typeof contract.QuarantineView>;
export type ReadinessStep = Shape<typeof contract.ReadinessStep>;
export type ReparseView = Shape<typeof contract.ReparseView>;
export type ReportListView = Shape<typeof contract.ReportListView>;
export type ReportSummaryView = Shape<typeof contract.ReportSummaryView>;
export type ReportTrust = Shape<typeof contract.ReportTrust>;
export type ReportView = Shape<typeof contract.ReportView>;
export type SandboxLogView = Shape<typeof contract.SandboxLogView>;
export type SetupRecordState = Shape<typeof contract.SetupRecordState>;
export type SetupRecordView = Shape<typeof contract.SetupRecordView>;
export type SummaryRow = Shape<typeof contract.SummaryRow>;
export type SummaryView = Shape<typeof contract.SummaryView>;
