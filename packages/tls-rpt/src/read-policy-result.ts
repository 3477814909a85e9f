import { cleanDomain } from "./clean-domain.ts";
import { readFailureDetail } from "./read-failure-detail.ts";
import { readPolicyStrings } from "./read-policy-strings.ts";
import { readSessionCount } from "./read-session-count.ts";
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
  const summary = isJsonObject(entry.summary) ? entry.summary : undefined;
  if (!summary) log.note("missing-summary", "summary");

  const policyType = readPolicyType(reader, policy);
  return {
    policyType,
    policyDomain: readPolicyDomain(reader, policy),
    policyStrings: readPolicyStrings(reader, policy, policyType),
    mxHostPatterns: readMxHostPatterns(reader, policy, policyType),
    successfulSessions: summary ? readSessionCount(reader, summary, "total-successful-session-count") : 0,
    failedSessions: summary ? readSessionCount(reader, summary, "total-failure-session-count") : 0,
    failureDetails: readFailureDetails(reader, entry["failure-details"], policyIndex),
  };
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
