import { cleanDomain } from "./clean-domain.ts";
import { createQuirkLog } from "./create-quirk-log.ts";
import { findReportDay } from "./find-report-day.ts";
import { parseReportDate } from "./parse-report-date.ts";
import type { Quirk } from "./quirks.ts";
import { readPolicyResult } from "./read-policy-result.ts";
import { readReportJson } from "./read-report-json.ts";
import { readText } from "./read-text.ts";
import { isJsonObject, type ReportReader } from "./report-reader.ts";
import type { PolicyResult, TlsReport } from "./tls-report.ts";
import { DEFAULT_TLS_REPORT_LIMITS, type TlsReportLimits } from "./tls-report-limits.ts";

/**
 * Why a report cannot be used.
 *
 * - `too-large`, `too-complex`: beyond the limits
 * - `not-json`, `not-an-object`: no JSON object, also not at the start of the text
 * - `no-organization`: no organisation name, and no submitter given by the caller
 * - `no-report-id`: no report id, so that a second copy could not be distinguished from a second report
 * - `no-date-range`: no start date, or one that means no day since TLS reports exist
 * - `no-policies`: no `policies`; an empty list is fine
 *
 * RFC 8460 §4.4
 */
export type TlsReportProblemCode =
  | "too-large"
  | "too-complex"
  | "not-json"
  | "not-an-object"
  | "no-organization"
  | "no-report-id"
  | "no-date-range"
  | "no-policies";

/** What `parseTlsReport` answers; `problem` is a sentence for a person. RFC 8460 §4.4 */
export type TlsReportResult =
  | { ok: true; report: TlsReport; quirks: Quirk[] }
  | { ok: false; code: TlsReportProblemCode; problem: string };

/**
 * What the caller knows besides the report.
 *
 * `submitter` (the verified sending domain) lets a report without organisation name pass; `policyDomain`
 * (from the message's header, subject or file name) is used where a policy names none; `limits` replace
 * single defaults; `firstLine` is the number of the first line where the report is a piece of a longer text.
 * RFC 8460 §5.6: where both say something, the report wins.
 */
export type ParseTlsReportOptions = {
  firstLine?: number;
  submitter?: string;
  policyDomain?: string;
  limits?: Partial<TlsReportLimits>;
};

type Refusal = Extract<TlsReportResult, { ok: false }>;
type DateRange = { ok: true; startAt: Date; endAt: Date };

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Reads the JSON of a TLS report, already inflated, and lists every repair it took (`QUIRKS`).
 *
 * Only what identifies a report must be there: who, which, when. Unknown types, extra keys, missing
 * addresses and the like never refuse it. Dates without zone are UTC, whatever the machine's zone.
 * Never throws; time and memory are bounded by the limits.
 *
 * RFC 8460 §4.4
 */
export function parseTlsReport(
  input: string | Uint8Array,
  options: ParseTlsReportOptions = {},
): TlsReportResult {
  const limits = { ...DEFAULT_TLS_REPORT_LIMITS, ...options.limits };
  const log = createQuirkLog();
  const json = readReportJson(input, limits, log, options.firstLine);
  if (!json.ok) return json;
  if (!isJsonObject(json.value)) return refuse("not-an-object", "The report is JSON, but not an object.");
  const wire = json.value;
  const reader: ReportReader = {
    log,
    limits,
    policyDomain: readFallbackDomain(options),
    isPlain: json.isPlain,
  };

  const organizationName = readText(reader, wire, "organization-name");
  if (organizationName === null) {
    if (!options.submitter) return refuse("no-organization", "The report does not say who made it.");
    log.note("missing-organization-name", "organization-name");
  }
  const contactInfo = readText(reader, wire, "contact-info");
  if (contactInfo === null) log.note("missing-contact-info", "contact-info");
  const reportId = readText(reader, wire, "report-id");
  if (reportId === null) return refuse("no-report-id", "The report has no report-id.");
  const range = readDateRange(reader, wire["date-range"]);
  if (!range.ok) return range;
  const policies = readPolicies(reader, wire.policies);
  if (!Array.isArray(policies)) return policies;

  const { startAt, endAt } = range;
  if (endAt.getTime() - startAt.getTime() > 2 * DAY_MS) log.note("long-period", "date-range");
  const reportDay = findReportDay(startAt, endAt);
  const report = { organizationName, contactInfo, reportId, startAt, endAt, reportDay, policies };
  return { ok: true, report, quirks: log.list() };
}

function readDateRange(reader: ReportReader, value: unknown): DateRange | Refusal {
  const range = isJsonObject(value) ? value : {};
  const startAt = parseReportDate(reader, range["start-datetime"], "date-range.start-datetime");
  if (!startAt) return refuse("no-date-range", "The report does not say which day it is about.");
  const endAt = parseReportDate(reader, range["end-datetime"], "date-range.end-datetime");
  if (!endAt) {
    reader.log.note("missing-end-date", "date-range.end-datetime");
    return { ok: true, startAt, endAt: new Date(startAt.getTime() + DAY_MS) };
  }
  if (endAt < startAt) {
    reader.log.note("date-range-reversed", "date-range");
    return { ok: true, startAt: endAt, endAt: startAt };
  }
  return { ok: true, startAt, endAt };
}

function readPolicies(reader: ReportReader, value: unknown): PolicyResult[] | Refusal {
  const { log, limits } = reader;
  if (isJsonObject(value)) log.note("policies-not-array", "policies");
  else if (!Array.isArray(value)) return refuse("no-policies", "The report has no policies.");
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  if (entries.length > limits.maxPolicies) {
    return refuse("too-complex", `The report has more than ${limits.maxPolicies} policies.`);
  }

  const policies: PolicyResult[] = [];
  const findTwin = entries.length > 1 ? createTwinFinder() : () => false;
  let failureDetailCount = 0;
  for (const [policyIndex, entry] of entries.entries()) {
    if (!isJsonObject(entry)) {
      log.moveTo(policyIndex, -1);
      log.note("malformed-policy", "");
      continue;
    }
    const details = entry["failure-details"];
    failureDetailCount += Array.isArray(details) ? details.length : 0;
    if (failureDetailCount > limits.maxFailureDetails) {
      return refuse("too-complex", `The report has more than ${limits.maxFailureDetails} failure details.`);
    }
    if (findTwin(entry)) {
      log.moveTo(policyIndex, -1);
      log.note("policy-listed-twice", "");
      continue;
    }
    policies.push(readPolicyResult(reader, entry, policyIndex));
  }
  return policies;
}

/** Whether an element with exactly this JSON came before. */
function createTwinFinder(): (entry: Record<string, unknown>) => boolean {
  const firstWith = new Map<string, Record<string, unknown>>();
  const texts = new Set<string>();
  return (entry) => {
    // Whole texts cost as much as reading the report, so they are compared only where policy and summary are alike.
    const head = JSON.stringify([entry.policy, entry.summary]);
    const first = firstWith.get(head);
    if (!first) {
      firstWith.set(head, entry);
      return false;
    }
    texts.add(JSON.stringify(first));
    const text = JSON.stringify(entry);
    if (texts.has(text)) return true;
    texts.add(text);
    return false;
  };
}

function readFallbackDomain(options: ParseTlsReportOptions): string | null {
  return options.policyDomain === undefined ? null : (cleanDomain(options.policyDomain) ?? null);
}

function refuse(code: TlsReportProblemCode, problem: string): Refusal {
  return { ok: false, code, problem };
}
