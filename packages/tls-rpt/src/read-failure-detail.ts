import { canonicalIp } from "./canonical-ip.ts";
import { cleanDomain } from "./clean-domain.ts";
import { findCountKey, readSessionCount } from "./read-session-count.ts";
import { cleanText, readText } from "./read-text.ts";
import type { ReportReader } from "./report-reader.ts";
import { findResultType } from "./result-types.ts";
import type { FailureDetail } from "./tls-report.ts";

/** One element of `failure-details`, read as far as it can be. */
export function readFailureDetail(reader: ReportReader, detail: Record<string, unknown>): FailureDetail {
  const resultType = readResultType(reader, detail);
  const knownResultType = findResultType(resultType) !== undefined;
  if (!knownResultType && resultType !== "unknown") reader.log.note("unknown-result-type", "result-type");
  return {
    resultType,
    knownResultType,
    sendingMtaIp: readIp(reader, detail, "sending-mta-ip"),
    receivingMxHost: readMxHost(reader, detail),
    receivingMxHelo: readMxHelo(reader, detail),
    receivingIp: readIp(reader, detail, "receiving-ip"),
    failedSessions: readFailedSessions(reader, detail),
    additionalInfo: readAdditionalInfo(reader, detail),
    failureReasonCode: readText(reader, detail, "failure-reason-code"),
  };
}

function readFailedSessions(reader: ReportReader, detail: Record<string, unknown>): number | null {
  const key = findCountKey(reader, detail, "failed-session-count", /count/i);
  if (detail[key] === undefined || detail[key] === null) reader.log.note("missing-failure-count", key);
  return readSessionCount(reader, detail, key);
}

function readResultType(reader: ReportReader, detail: Record<string, unknown>): string {
  const text = readText(reader, detail, "result-type");
  if (text === null) {
    reader.log.note("missing-result-type", "result-type");
    return "unknown";
  }
  const resultType = text.toLowerCase();
  if (resultType !== text) reader.log.note("letter-case", "result-type");
  return resultType;
}

function readIp(reader: ReportReader, detail: Record<string, unknown>, key: string): string | null {
  const text = readText(reader, detail, key);
  if (text === null) return null;
  const ip = canonicalIp(text);
  if (ip === undefined) reader.log.note("not-an-ip-address", key);
  else if (ip !== text) reader.log.note("ip-not-canonical", key);
  return ip ?? text;
}

function readMxHost(reader: ReportReader, detail: Record<string, unknown>): string | null {
  const text = readText(reader, detail, "receiving-mx-hostname");
  if (text === null) return null;
  const mxHost = cleanDomain(text);
  if (!reader.isPlain && mxHost !== undefined && /[^\p{ASCII}]/u.test(text))
    reader.log.note("unicode-domain", "receiving-mx-hostname");
  return mxHost ?? text;
}

function readMxHelo(reader: ReportReader, detail: Record<string, unknown>): string | null {
  const value = detail["receiving-mx-helo"];
  if (typeof value !== "string" || !/[\r\n]/.test(value.trim())) {
    return readText(reader, detail, "receiving-mx-helo");
  }
  reader.log.note("multi-line-helo", "receiving-mx-helo");
  const [firstLine = ""] = value.trim().split(/[\r\n]/, 1);
  return cleanText(reader, firstLine.replace(/^250[- ]/, ""), "receiving-mx-helo");
}

function readAdditionalInfo(reader: ReportReader, detail: Record<string, unknown>): string | null {
  if (detail["additional-information"] === undefined && detail["additional-info-uri"] !== undefined) {
    reader.log.note("additional-info-uri-key", "additional-info-uri");
    return readText(reader, detail, "additional-info-uri");
  }
  return readText(reader, detail, "additional-information");
}
