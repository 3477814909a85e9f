import type { QuirkLog } from "./create-quirk-log.ts";
import type { TlsReportLimits } from "./tls-report-limits.ts";

/**
 * What every part of the parser needs: where to note repairs, how far to read, what to fall back on.
 *
 * `isPlain`: the whole report is printable ASCII without any escape, as nearly all are, so its texts need not be looked at one by one.
 */
export type ReportReader = {
  log: QuirkLog;
  limits: TlsReportLimits;
  policyDomain: string | null;
  isPlain: boolean;
};

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
