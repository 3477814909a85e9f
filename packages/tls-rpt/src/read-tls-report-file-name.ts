import { cleanDomain } from "./clean-domain.ts";
import { isReportInstant } from "./parse-report-date.ts";

/**
 * What the file name of a report says; the report itself is right where the two disagree.
 *
 * Domains are lower-case A-labels. `uniqueId` is `null` when there is none, a date when it is
 * before TLS reports existed. RFC 8460 §5.1, RFC 8460 §5.6
 */
export type TlsReportFileName = {
  submitter: string;
  policyDomain: string;
  startAt: Date | null;
  endAt: Date | null;
  uniqueId: string | null;
};

const FILE_NAME = /^([^!]+)!([^!]+)!(\d{1,12})!(\d{1,12})(?:!([^!]*?))?(?:\.json|\.gz|\.zip)*$/i;

/**
 * Reads `sender!policy-domain!begin!end[!unique-id].json[.gz]`; `undefined` for any other name.
 *
 * A folder before the name, a missing or other compression suffix and a unique id with other characters than
 * letters and digits are accepted; a folder's name is not looked at. Never throws.
 *
 * RFC 8460 §5.1
 */
export function readTlsReportFileName(name: string): TlsReportFileName | undefined {
  if (name.length > 1024) return undefined;
  const [, sender = "", domain = "", begin, end, uniqueId] =
    FILE_NAME.exec(name.trim().replace(/^.*[/\\]/, "")) ?? [];
  const submitter = cleanDomain(sender);
  const policyDomain = cleanDomain(domain);
  if (submitter === undefined || policyDomain === undefined) return undefined;
  return {
    submitter,
    policyDomain,
    startAt: readInstant(begin),
    endAt: readInstant(end),
    uniqueId: uniqueId || null,
  };
}

function readInstant(seconds: string | undefined): Date | null {
  const instantMs = Number(seconds) * 1000;
  return isReportInstant(instantMs) ? new Date(instantMs) : null;
}
