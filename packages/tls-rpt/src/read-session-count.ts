import type { ReportReader } from "./report-reader.ts";

/** The count under `key` as a whole number from 0 to `Number.MAX_SAFE_INTEGER`. */
export function readSessionCount(reader: ReportReader, object: Record<string, unknown>, key: string): number {
  const value = object[key];
  if (typeof value === "number" && value >= 0 && Number.isSafeInteger(value)) return Math.abs(value); // -0 is 0
  if (value === undefined || value === null) {
    reader.log.note("missing-session-count", key);
    return 0;
  }

  const number =
    typeof value === "string" && /^\s*-?\d{1,400}(?:\.\d{1,20})?\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== "number") {
    reader.log.note("session-count-not-integer", key);
    return 0;
  }
  if (number < 0) {
    reader.log.note("negative-session-count", key);
    return 0;
  }
  if (number > Number.MAX_SAFE_INTEGER) {
    reader.log.note("huge-session-count", key);
    return Number.MAX_SAFE_INTEGER;
  }
  reader.log.note("session-count-not-integer", key);
  return Math.trunc(number);
}
