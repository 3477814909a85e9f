import type { FindingCode } from "../judging/judge-domain.ts";

/** The operator's conditions by code and subject. */
const RESOLVER = ["op.dns own resolver"] as const;
const LINE = ["own-line port 25"] as const;
const INTAKE = ["op.ingest reports database", "op.ingest unread reports"] as const;
const SILENCE = [...INTAKE, "op.ingest no reports", "op.ingest own test mail"] as const;
const SERVING = ["op.serving public path", "op.serving keys"] as const;

/**
 * What of ours a condition is seen through. While that is broken, what is seen says as much of us as of the domain. One server that is
 * away, or a limit that is nearly used, hides nothing.
 */
const SOURCES: Readonly<Record<FindingCode, readonly string[]>> = {
  "failures.up": INTAKE,
  "failures.new": INTAKE,
  "reports.rejected": INTAKE,
  "reports.forged": INTAKE,
  "reporter.silent": SILENCE,
  "reports.silent": SILENCE,
  "reports.none": SILENCE,
  "cname.missing": RESOLVER,
  "cname.wrong": RESOLVER,
  "claim.lost": RESOLVER,
  "leave.state": RESOLVER,
  "mx.uncovered": RESOLVER,
  "mx.changed": RESOLVER,
  "mx.migration": RESOLVER,
  "mx.badTls": [...RESOLVER, ...LINE],
  "mx.expiring": LINE,
  "dane.broken": [...RESOLVER, ...LINE],
  "host.certificate": ["op.ca held orders", "op.ca certificate authority"],
  "host.refused": ["op.fleetExpiry policy certificates", ...SERVING],
  "publish.stuck": ["op.dns", ...SERVING],
};

/**
 * Whether an alert may neither open nor end now, because something of ours is broken that it is seen through; `open`: the
 * operator's conditions that hold, by code and by code and subject. What is still true afterwards opens then. `isUrgent`: the last two
 * days of a certificate are shown all the same.
 */
export function isHeldBack(code: FindingCode, open: ReadonlySet<string>, isUrgent: boolean): boolean {
  if (code === "host.certificate" && isUrgent) return false;
  return SOURCES[code].some((source) => open.has(source));
}
