/**
 * How much of a report the parser is willing to look at.
 *
 * Beyond `maxBytes` (for text: UTF-16 units), `maxDepth` (nested arrays and objects), `maxValues` (values in
 * the whole document), `maxPolicies` and `maxFailureDetails` (over all policies) a report is refused, since
 * half of it would give wrong numbers. Longer texts and lists are cut at `maxTextChars` and `maxListItems`.
 * Depth and values are looked at from 64 KiB on; no smaller document holds enough of them to matter.
 *
 * RFC 8460 §7
 */
export type TlsReportLimits = {
  maxBytes: number;
  maxDepth: number;
  maxValues: number;
  maxPolicies: number;
  maxFailureDetails: number;
  maxTextChars: number;
  maxListItems: number;
};

/** The limits used when none are given: a 20 MiB report of a million values. RFC 8460 §5.2, RFC 8460 §7 */
export const DEFAULT_TLS_REPORT_LIMITS: TlsReportLimits = {
  maxBytes: 20 * 1024 * 1024,
  maxDepth: 32,
  maxValues: 1_000_000,
  maxPolicies: 10_000,
  maxFailureDetails: 100_000,
  maxTextChars: 1_000,
  maxListItems: 100,
};
