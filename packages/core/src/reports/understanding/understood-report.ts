import type { ReportTransport, ReportTrust } from "@waxseal/db";
import type { ReporterClaim } from "../trust/judge-report-trust.ts";

/** Sessions under one policy type; `counted…` is what they add to totals. */
export type SessionRow = {
  policyType: string;
  reports: number;
  successfulSessions: number;
  failedSessions: number;
  countedSuccessful: number;
  countedFailed: number;
};

/** Failed sessions by all that a failure detail says, "" where it says nothing; `countedFailed` is their part of totals. */
export type FailureRow = {
  policyType: string;
  resultType: string;
  sendingMtaIp: string;
  mxHost: string;
  reasonCode: string;
  failedSessions: number;
  countedFailed: number;
};

/** One report about one domain, ready to be stored. */
export type UnderstoodReport = {
  accountId: string;
  domainId: string;
  messageId: string;
  reportDay: string;
  reporter: string;
  submitter: string | null;
  contactInfo: string | null;
  reportId: string;
  startAt: Date;
  endAt: Date;
  successfulSessions: number;
  failedSessions: number;
  resultTypes: string[];
  trust: ReportTrust;
  /** Set where the signer has to become known for the name. */
  claim: ReporterClaim | null;
  transport: ReportTransport;
  quirks: string[];
  /** The same report has the same, by whatever way it came; one whose signer is not known for certain has another for each signer, and keeps it when the signer becomes known. */
  identity: string;
  /** PolicyResult[] as JSON: many reports wait for their storing together, and as text they take the least. */
  policiesJson: string;
  receivedAt: Date;
  sessionRows: SessionRow[];
  /** No two with the same dimensions. */
  failureRows: FailureRow[];
};
