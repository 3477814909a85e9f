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
  const isArray = Array.isArray(value);
  if (!isArray) reader.log.note("policy-string-not-array", KEY);

  const lines: string[] = [];
  const items: unknown[] = isArray ? value : [value];
  for (const item of items) {
    if (lines.length > reader.limits.maxListItems) break;
    if (typeof item !== "string") reader.log.note("text-not-string", KEY);
    else lines.push(...readLines(reader, item, isArray));
  }
  if (lines.length > reader.limits.maxListItems) reader.log.note("list-truncated", KEY);
  return lines.slice(0, reader.limits.maxListItems);
}

function readLines(reader: ReportReader, item: string, isArray: boolean): string[] {
  const text = item.trim();
  const nested = parseTextArray(reader, text);
  if (nested) return nested.flatMap((line) => readLine(reader, line));
  if (isArray && reader.isPlain) return readLine(reader, text);
  const lines = text.split(isArray ? /[\r\n]+/ : /[;\r\n]+/, reader.limits.maxListItems + 1);
  if (isArray && lines.length > 1) reader.log.note("policy-string-not-array", KEY);
  return lines.flatMap((line) => readLine(reader, line));
}

// Each level of JSON inside JSON doubles the backslashes of the one above, so the nesting ends soon.
function readLine(reader: ReportReader, text: string): string[] {
  const line = cleanText(reader, text, KEY);
  if (line === null) return [];
  const nested = parseTextArray(reader, line);
  return nested ? nested.flatMap((each) => readLine(reader, each)) : [line];
}

// The outer document's limits do not see into a text, so only short ones are parsed again.
function parseTextArray(reader: ReportReader, text: string): string[] | undefined {
  const { maxListItems, maxTextChars } = reader.limits;
  if (!text.startsWith("[") || text.length > maxListItems * maxTextChars) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return undefined;
    const lines = value.slice(0, maxListItems + 1).filter((item) => typeof item === "string");
    if (lines.length === 0) return undefined;
    reader.log.note("policy-string-nested-json", KEY);
    return lines;
  } catch {
    return undefined;
  }
}
