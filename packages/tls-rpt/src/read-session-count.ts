import type { ReportReader } from "./report-reader.ts";

/** The count under `key` as a whole number from 0 to `Number.MAX_SAFE_INTEGER`; `null` when it is missing or cannot be read. */
export function readSessionCount(
  reader: ReportReader,
  object: Record<string, unknown>,
  key: string,
): number | null {
  const value = object[key];
  if (typeof value === "number" && value >= 0 && Number.isSafeInteger(value)) return Math.abs(value); // -0 is 0
  if (value === undefined || value === null) return null;

  const number =
    typeof value === "string" && /^\s*-?\d{1,400}(?:\.\d{1,20})?\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== "number") {
    reader.log.note("session-count-not-integer", key);
    return null;
  }
  if (number < 0) {
    reader.log.note("negative-session-count", key);
    return null;
  }
  if (number > Number.MAX_SAFE_INTEGER) {
    reader.log.note("huge-session-count", key);
    return Number.MAX_SAFE_INTEGER;
  }
  reader.log.note("session-count-not-integer", key);
  return Math.trunc(number);
}

/**
 * The key of an object under which a count is found: `key`, or the first other one that `misspelt` matches where `key` is missing.
 * An object of a report has few keys, and only numbers and texts of digits are taken for a count.
 */
export function findCountKey(
  reader: ReportReader,
  object: Record<string, unknown>,
  key: string,
  misspelt: RegExp,
): string {
  const value = object[key];
  if (value !== undefined && value !== null) return key;
  const other = Object.keys(object).find(
    (each) => each !== key && misspelt.test(each) && /^\s*\d{1,16}\s*$/.test(String(object[each])),
  );
  if (other === undefined) return key;
  reader.log.note("misspelt-count-key", other);
  return other;
}
