import { cleanDomain } from "./clean-domain.ts";

/**
 * What the subject of a report mail says; the report itself is right where the two disagree.
 *
 * Domains are lower-case A-labels. `reportId` is without angle brackets, `null` when there is none, and
 * need not be the id in the report. RFC 8460 §5.3, RFC 8460 §5.6
 */
export type TlsReportSubject = { policyDomain: string; submitter: string; reportId: string | null };

const SUBJECT = /Report\s+Domain:\s*(\S+)\s+Submitter:\s*(\S+)(?:\s+Report-ID:\s*<?([^\s<>]*)>?)?/i;

/**
 * Reads `Report Domain: … Submitter: … Report-ID: <…@…>`; `undefined` for any other subject.
 *
 * The subject must be unfolded or folded as in the mail, and decoded. Words before it (`Fwd:`), other letter
 * case and a report id without brackets or `@` are accepted. Never throws.
 *
 * RFC 8460 §5.3
 */
export function readTlsReportSubject(subject: string): TlsReportSubject | undefined {
  if (subject.length > 2048) return undefined;
  const [, domain = "", sender = "", reportId] = SUBJECT.exec(subject) ?? [];
  const policyDomain = cleanDomain(domain);
  const submitter = cleanDomain(sender);
  if (policyDomain === undefined || submitter === undefined) return undefined;
  return { policyDomain, submitter, reportId: reportId || null };
}
