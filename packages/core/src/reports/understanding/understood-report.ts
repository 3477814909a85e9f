import type { ReportTransport, ReportTrust } from "@waxseal/db";

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
  transport: ReportTransport;
  quirks: string[];
  /** The same report has the same, by whatever way it came; one signed by somebody else has another for each signer. */
  identity: string;
  /** PolicyResult[] as JSON: many reports wait for their storing together, and as text they take the least. */
  policiesJson: string;
  receivedAt: Date;
  sessionRows: SessionRow[];
  /** No two with the same dimensions. */
  failureRows: FailureRow[];
};
