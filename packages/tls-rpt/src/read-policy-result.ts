import { cleanDomain } from "./clean-domain.ts";
import { countFailed } from "./count-report.ts";
import { readFailureDetail } from "./read-failure-detail.ts";
import { readPolicyStrings } from "./read-policy-strings.ts";
import { findCountKey, readSessionCount } from "./read-session-count.ts";
import { cleanText, readText } from "./read-text.ts";
import { isJsonObject, type ReportReader } from "./report-reader.ts";
import type { FailureDetail, PolicyResult } from "./tls-report.ts";

const KNOWN_POLICY_TYPES = new Set(["sts", "tlsa", "no-policy-found"]);

/** One element of `policies`, read as far as it can be. */
export function readPolicyResult(
  reader: ReportReader,
  entry: Record<string, unknown>,
  policyIndex: number,
): PolicyResult {
  const { log } = reader;
  log.moveTo(policyIndex, -1);
  const policy = isJsonObject(entry.policy) ? entry.policy : entry;
  if (policy === entry) log.note("flat-policy", "policy");
  const totals = readTotals(reader, entry.summary);

  const policyType = readPolicyType(reader, policy);
  const read = {
    policyType,
    policyDomain: readPolicyDomain(reader, policy),
    policyStrings: readPolicyStrings(reader, policy, policyType),
    mxHostPatterns: readMxHostPatterns(reader, policy, policyType),
  };
  const failureDetails = readFailureDetails(reader, entry["failure-details"], policyIndex);
  log.moveTo(policyIndex, -1);
  return { ...read, ...settleCounts(reader, totals, failureDetails) };
}

type Totals = { successfulSessions: number | null; failedSessions: number | null };

function readTotals(reader: ReportReader, value: unknown): Totals {
  const { log } = reader;
  const summary = isJsonObject(value) ? value : {};
  const successKey = findCountKey(reader, summary, "total-successful-session-count", /succ/i);
  const failureKey = findCountKey(reader, summary, "total-failure-session-count", /fail/i);
  const isMissing = (key: string) => summary[key] === undefined || summary[key] === null;
  if (isMissing(successKey) && isMissing(failureKey)) {
    log.note("missing-summary", "summary");
    return { successfulSessions: null, failedSessions: null };
  }
  for (const key of [successKey, failureKey]) if (isMissing(key)) log.note("missing-session-count", key);
  return {
    successfulSessions: readSessionCount(reader, summary, successKey),
    failedSessions: readSessionCount(reader, summary, failureKey),
  };
}

/** Makes the total and the counts of details agree as far as they can: no listed failure is hidden behind a smaller total. */
function settleCounts(
  { log }: ReportReader,
  { successfulSessions, failedSessions: stated }: Totals,
  failureDetails: FailureDetail[],
): Totals & { failureDetails: FailureDetail[] } {
  const counted = countFailed({ failedSessions: stated, failureDetails });
  if (stated !== null && counted !== null && counted > stated) log.note("failed-total-too-low", "summary");
  // Who states that some sessions succeeded, and lists no failure, had none.
  const failedSessions = counted ?? (successfulSessions === null ? null : 0);
  const [only, ...others] = failureDetails;
  if (only && others.length === 0 && (only.failedSessions ?? 0) === 0) {
    if (only.failedSessions === 0 && failedSessions !== 0)
      log.note("missing-failure-count", "failure-details");
    return { successfulSessions, failedSessions, failureDetails: [{ ...only, failedSessions }] };
  }
  return { successfulSessions, failedSessions, failureDetails };
}

function readPolicyType(reader: ReportReader, policy: Record<string, unknown>): string {
  const text = readText(reader, policy, "policy-type");
  if (text === null) {
    reader.log.note("missing-policy-type", "policy-type");
    return "unknown";
  }
  const policyType = text.toLowerCase();
  if (policyType !== text) reader.log.note("letter-case", "policy-type");
  if (!KNOWN_POLICY_TYPES.has(policyType)) reader.log.note("unknown-policy-type", "policy-type");
  return policyType;
}

function readPolicyDomain(reader: ReportReader, policy: Record<string, unknown>): string | null {
  const text = readText(reader, policy, "policy-domain");
  if (text === null) {
    reader.log.note("missing-policy-domain", "policy-domain");
    return reader.policyDomain;
  }
  const domain = cleanDomain(text);
  if (domain === undefined) reader.log.note("invalid-policy-domain", "policy-domain");
  else if (!isAscii(text)) reader.log.note("unicode-domain", "policy-domain");
  return domain ?? text;
}

function readMxHostPatterns(
  reader: ReportReader,
  policy: Record<string, unknown>,
  policyType: string,
): string[] {
  const { log, limits } = reader;
  const key =
    policy["mx-host"] === undefined && policy["mx-host-pattern"] !== undefined
      ? "mx-host-pattern"
      : "mx-host";
  if (key === "mx-host-pattern") log.note("mx-host-pattern-key", key);
  const value = policy[key];
  if (value === undefined || value === null) {
    if (policyType === "sts") log.note("missing-mx-host", key);
    return [];
  }
  if (!Array.isArray(value)) log.note("mx-host-not-array", key);
  const items: unknown[] = Array.isArray(value) ? value : [value];
  if (items.length > limits.maxListItems) log.note("list-truncated", key);

  const patterns: string[] = [];
  for (const item of items.slice(0, limits.maxListItems)) {
    const text = typeof item === "string" ? cleanText(reader, item, key) : null;
    if (typeof item !== "string") log.note("text-not-string", key);
    if (text !== null) patterns.push(cleanPattern(reader, text, key));
  }
  return patterns;
}

function cleanPattern(reader: ReportReader, text: string, key: string): string {
  const wildcard = text.startsWith("*.") ? "*." : "";
  const domain = cleanDomain(text.slice(wildcard.length));
  if (domain !== undefined && !isAscii(text)) reader.log.note("unicode-domain", key);
  return domain === undefined ? text : wildcard + domain;
}

function readFailureDetails(reader: ReportReader, value: unknown, policyIndex: number): FailureDetail[] {
  const { log } = reader;
  if (value === undefined) return [];
  if (value === null) {
    log.note("failure-details-null", "failure-details");
    return [];
  }
  if (!Array.isArray(value)) log.note("failure-details-not-array", "failure-details");
  const items: unknown[] = Array.isArray(value) ? value : [value];

  const details: FailureDetail[] = [];
  for (const [detailIndex, item] of items.entries()) {
    log.moveTo(policyIndex, detailIndex);
    if (isJsonObject(item)) details.push(readFailureDetail(reader, item));
    else log.note("malformed-failure-detail", "");
  }
  return details;
}

function isAscii(text: string): boolean {
  return !/[^\p{ASCII}]/u.test(text);
}
