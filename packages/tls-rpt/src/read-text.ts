import type { ReportReader } from "./report-reader.ts";

// Cc: control characters; Cs: halves of surrogate pairs; the rest reverse the direction of the text around them.
const UNSAFE = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]+/u;
const UNSAFE_RUNS = new RegExp(UNSAFE, "gu");

/** The text under `key`, trimmed, cleaned and bounded; `null` when missing, empty or no text at all. */
export function readText(reader: ReportReader, object: Record<string, unknown>, key: string): string | null {
  const value = object[key];
  if (typeof value === "string") return cleanText(reader, value, key);
  if (value === undefined || value === null) return null;
  reader.log.note("text-not-string", key);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

export function cleanText(reader: ReportReader, value: string, key: string): string | null {
  if (reader.isPlain && isTrimmed(value) && value.length <= reader.limits.maxTextChars) return value;
  let text = value.trim();
  if (text.length > reader.limits.maxTextChars) {
    reader.log.note("text-truncated", key);
    text = text.slice(0, reader.limits.maxTextChars);
  }
  if (UNSAFE.test(text)) {
    reader.log.note("control-characters", key);
    text = text.replace(UNSAFE_RUNS, " ");
  }
  text = text.trim();
  return text === "" ? null : text;
}

/** For plain text only, where the one blank is the space. */
function isTrimmed(text: string): boolean {
  return text !== "" && !text.startsWith(" ") && !text.endsWith(" ");
}
