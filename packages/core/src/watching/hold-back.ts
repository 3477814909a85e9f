import type { FindingCode } from "../judging/judge-domain.ts";
import type { OperatorConditionCode } from "../operating/operator-condition.ts";

const OF_DNS = ["op.dns"] as const;
const OF_REPORTS = ["op.ingest"] as const;
const OF_PROBES = ["own-line"] as const;

/** What of ours a condition is seen through. While that is broken, what is seen says as much of us as of the domain. */
const SOURCES: Readonly<Record<FindingCode, readonly OperatorConditionCode[]>> = {
  "failures.up": OF_REPORTS,
  "failures.new": OF_REPORTS,
  "reporter.silent": OF_REPORTS,
  "reports.silent": OF_REPORTS,
  "reports.none": OF_REPORTS,
  "reports.rejected": OF_REPORTS,
  "reports.forged": OF_REPORTS,
  "cname.missing": OF_DNS,
  "cname.wrong": OF_DNS,
  "claim.lost": OF_DNS,
  "leave.state": OF_DNS,
  "mx.uncovered": OF_DNS,
  "mx.changed": OF_DNS,
  "mx.migration": OF_DNS,
  "mx.badTls": OF_PROBES,
  "mx.expiring": OF_PROBES,
  "dane.broken": [...OF_DNS, ...OF_PROBES],
  "host.certificate": ["op.ca"],
  "host.refused": ["op.fleetExpiry", "op.serving"],
  "publish.stuck": ["op.dns", "op.serving"],
};

/**
 * Whether an alert may neither open nor end now, because something of ours is broken that it is seen through; `open`: codes of the
 * operator's conditions that hold. What is still true afterwards opens then. `isUrgent`: the last two
 * days of a certificate are shown all the same.
 */
export function isHeldBack(code: FindingCode, open: ReadonlySet<string>, isUrgent: boolean): boolean {
  if (code === "host.certificate" && isUrgent) return false;
  return SOURCES[code].some((source) => open.has(source));
}
