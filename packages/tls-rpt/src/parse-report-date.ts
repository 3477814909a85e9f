import type { ReportReader } from "./report-reader.ts";

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:([Tt ])(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|z|UTC|GMT|[+-]\d\d:?\d\d)?)?$/;

// TLS reports were first drafted in 2016. Anything before is a clock that was never set, such as 1970 or year 1.
const EARLIEST_MS = Date.UTC(2016, 0, 1);
const LATEST_MS = Date.UTC(9999, 0, 1);

/** Whether a TLS report can be about this instant. */
export function isReportInstant(instantMs: number): boolean {
  return instantMs >= EARLIEST_MS && instantMs < LATEST_MS;
}

/**
 * The instant a report's date means, or `undefined` when it means none: never a guess, never 1970.
 *
 * Without a zone it is UTC, whatever the zone of the machine. RFC 3339 first; a space for the `T`, a missing
 * clock time, `24:00`, an offset without colon and Unix seconds or milliseconds are understood too.
 */
export function parseReportDate(reader: ReportReader, value: unknown, key: string): Date | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text.length > 64) return undefined;

  const match = DATE_TIME.exec(text.trim());
  const instantMs = match ? readDateTimeMs(match) : readUnixTimeMs(text.trim());
  if (instantMs === undefined || !isReportInstant(instantMs)) return undefined;

  const [, , , , separator, hour, , second, , zone] = match ?? [];
  if (!match || !second || hour === "24" || separator === " " || (zone && !/^[Zz]$|:/.test(zone))) {
    reader.log.note("date-not-rfc3339", key);
  }
  if (match && !zone) reader.log.note("date-without-zone", key);
  return new Date(instantMs);
}

function readDateTimeMs(match: RegExpExecArray): number | undefined {
  const [year = 0, month = 0, day = 0, , hour = 0, minute = 0, second = 0] = match
    .slice(1, 8)
    .map((part) => Number(part ?? 0));
  const fraction = Number(`0.${match[8] ?? "0"}`);
  const isTimeOfDay = hour < 24 ? minute < 60 && second <= 60 : hour === 24 && minute === 0 && second === 0;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (!isTimeOfDay || date.getUTCDate() !== day || date.getUTCMonth() !== month - 1) return undefined;
  const offsetMinutes = readOffsetMinutes(match[9]);
  if (offsetMinutes === undefined) return undefined;
  return (
    date.getTime() +
    (hour * 60 + minute - offsetMinutes) * 60_000 +
    second * 1000 +
    Math.trunc(fraction * 1000)
  );
}

function readOffsetMinutes(zone: string | undefined): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? "") ?? [];
  if (sign === undefined) return 0;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function readUnixTimeMs(text: string): number | undefined {
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{13}$/.test(text)) return Number(text);
  return undefined;
}
