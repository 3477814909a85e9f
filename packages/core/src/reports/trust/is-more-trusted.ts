import type { ReportTrust } from "@waxseal/db";

/** A report that is not verified can be from any sender: it is unsigned, its signature is broken, or its key is not looked up yet. */
const RANKS = {
  aligned: 2,
  signed: 1,
  broken: 0,
  unsigned: 0,
  unauthenticated: 0,
  unknown: 0,
} satisfies Record<ReportTrust, number>;

/** Whether a copy of a report is to be believed rather than another. RFC 8460 §5.4 */
export function isMoreTrusted(trust: ReportTrust, other: ReportTrust): boolean {
  return RANKS[trust] > RANKS[other];
}
