import { cleanText } from "./read-text.ts";
import type { ReportReader } from "./report-reader.ts";

const KEY = "policy-string";

/**
 * The policy as the reporter saw it, one line or TLSA record an element.
 *
 * RFC 8460 §4 calls it one text with semicolons, §4.4 an array of texts; both occur, and so does JSON inside
 * the JSON: `["[\"3 1 1 60…\",\"3 1 1 83…\"]"]`.
 */
export function readPolicyStrings(
  reader: ReportReader,
  policy: Record<string, unknown>,
  policyType: string,
): string[] {
  const value = policy[KEY];
  if (value === undefined || value === null) {
    if (policyType === "sts" || policyType === "tlsa") reader.log.note("missing-policy-string", KEY);
    return [];
  }
  if (!Array.isArray(value)) reader.log.note("policy-string-not-array", KEY);

  const lines: string[] = [];
  const items: unknown[] = Array.isArray(value) ? value : [value];
  for (const item of items) {
    if (lines.length > reader.limits.maxListItems) break;
    if (typeof item !== "string") reader.log.note("text-not-string", KEY);
    else lines.push(...(Array.isArray(value) ? readItem(reader, item) : splitLines(reader, item)));
  }
  if (lines.length > reader.limits.maxListItems) reader.log.note("list-truncated", KEY);
  return lines
    .slice(0, reader.limits.maxListItems)
    .map((line) => cleanText(reader, line, KEY))
    .filter((line) => line !== null);
}

function readItem(reader: ReportReader, item: string): string[] {
  const nested = item.startsWith("[") ? parseTextArray(reader, item) : undefined;
  if (nested) {
    reader.log.note("policy-string-nested-json", KEY);
    return nested;
  }
  if (!item.trimEnd().includes("\n")) return [item];
  reader.log.note("policy-string-not-array", KEY);
  return splitLines(reader, item);
}

function splitLines(reader: ReportReader, text: string): string[] {
  const nested = text.startsWith("[") ? parseTextArray(reader, text) : undefined;
  if (nested) reader.log.note("policy-string-nested-json", KEY);
  return (
    nested ?? text.split(/[;\r\n]/, reader.limits.maxListItems * 2 + 1).filter((line) => line.trim() !== "")
  );
}

// The outer document's limits do not see into a text, so only short ones are parsed again.
function parseTextArray(reader: ReportReader, text: string): string[] | undefined {
  if (text.length > reader.limits.maxListItems * reader.limits.maxTextChars) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return undefined;
    const lines = value.slice(0, reader.limits.maxListItems + 1).filter((item) => typeof item === "string");
    return lines.length > 0 ? lines : undefined;
  } catch {
    return undefined;
  }
}
