import { InflateError, inflateBounded } from "./inflate-bounded.ts";
import { listMailParts } from "./list-mail-parts.ts";
import type { ParseTlsReportOptions, TlsReportResult } from "./parse-tls-report.ts";
import { parseTlsReports } from "./parse-tls-reports.ts";
import { readTlsReportFileName } from "./read-tls-report-file-name.ts";
import { readTlsReportSubject } from "./read-tls-report-subject.ts";
import { DEFAULT_TLS_REPORT_LIMITS } from "./tls-report-limits.ts";
import { unzipBounded } from "./unzip-bounded.ts";

/** The answer for one report of a mail; `fileName` of the attachment, null for one without. */
export type MailedTlsReport = TlsReportResult & { readonly fileName: string | null };

/** All reports of a mail, and the attachments that look like reports but cannot be unpacked, each with a sentence that says why. */
export type TlsReportMail = {
  readonly reports: MailedTlsReport[];
  readonly unreadable: { readonly fileName: string | null; readonly problem: string }[];
};

/** `maxInflatedBytes` is for all of a mail together. */
export type TlsReportMailLimits = { readonly maxMailBytes: number; readonly maxInflatedBytes: number };

const DEFAULT_LIMITS: TlsReportMailLimits = {
  maxMailBytes: 30 * 1024 * 1024,
  maxInflatedBytes: 60 * 1024 * 1024,
};

/** Before each document of a JSON text sequence. RFC 7464 §2.2 */
const RECORD_SEPARATOR = "\x1e";

type Content = { fileName: string | null; bytes: Uint8Array<ArrayBuffer> };

/**
 * Reads the reports in a mail (`.eml`), or in a single file of JSON, gzip or zip.
 *
 * What a file is, its bytes decide, not its name or type, as senders label reports in many ways; text around the reports is passed
 * over. Domain and submitter of file name or subject stand in where a report names none: they are claims, and DKIM is the caller's
 * work. Sizes, parts, files and depth are bounded. Never throws.
 *
 * RFC 8460 §5.3
 */
export async function readTlsReportMail(
  mail: Uint8Array,
  options: ParseTlsReportOptions & { mailLimits?: Partial<TlsReportMailLimits> } = {},
): Promise<TlsReportMail> {
  const { mailLimits, ...parseOptions } = options;
  const { maxMailBytes, maxInflatedBytes } = { ...DEFAULT_LIMITS, ...mailLimits };
  const result: TlsReportMail = { reports: [], unreadable: [] };
  if (mail.byteLength > maxMailBytes) {
    result.unreadable.push({ fileName: null, problem: `The mail is larger than ${maxMailBytes} bytes.` });
    return result;
  }
  const bytes = new Uint8Array(mail);
  const isFile = findKind(bytes) !== "other";
  const { subject, parts } = isFile
    ? { subject: "", parts: [{ fileName: null, bytes }] }
    : listMailParts(bytes);
  let leftBytes = maxInflatedBytes;
  for (const { fileName, bytes: packed } of parts) {
    try {
      const contents = await unpack({ fileName, bytes: packed }, Math.max(0, leftBytes), result);
      for (const content of contents) {
        leftBytes -= content.bytes.byteLength;
        const { results } = parseTlsReports(content.bytes, hintsOf(content, subject, parseOptions));
        result.reports.push(...results.map((one) => ({ ...one, fileName: content.fileName })));
      }
    } catch (error) {
      if (!(error instanceof InflateError)) throw error;
      result.unreadable.push({ fileName, problem: error.message });
    }
  }
  return result;
}

/** JSON from gzip, zip, or as it is; of any other file nothing. */
async function unpack(file: Content, maxBytes: number, result: TlsReportMail): Promise<Content[]> {
  const kind = findKind(file.bytes);
  if (kind === "json") return [file];
  if (kind === "gzip") {
    const bytes = await inflateBounded(file.bytes, "gzip", maxBytes);
    return findKind(bytes) === "json" ? [{ ...file, bytes }] : [];
  }
  if (kind !== "zip") return [];
  const contents: Content[] = [];
  for (const { fileName, content } of await unzipBounded(file.bytes, maxBytes)) {
    if (content instanceof InflateError) result.unreadable.push({ fileName, problem: content.message });
    else if (findKind(content) === "json") contents.push({ fileName, bytes: content });
  }
  return contents;
}

type Kind = "gzip" | "zip" | "json" | "other";

function findKind(bytes: Uint8Array): Kind {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "gzip";
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] ?? 0) < 8) return "zip";
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const text = start.replaceAll("\0", "").replaceAll(RECORD_SEPARATOR, " ");
  return /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*[[{]/.test(text) ? "json" : "other";
}

function hintsOf(
  { fileName }: Content,
  subject: string,
  options: ParseTlsReportOptions,
): ParseTlsReportOptions {
  const named = readTlsReportFileName(fileName ?? "") ?? readTlsReportSubject(subject);
  const hints = named && { submitter: named.submitter, policyDomain: named.policyDomain };
  const limits = { ...DEFAULT_TLS_REPORT_LIMITS, ...options.limits };
  return { ...hints, ...options, limits };
}
