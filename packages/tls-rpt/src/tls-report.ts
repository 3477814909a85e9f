/**
 * One TLS report as this package understands it, whatever its sender's JSON looked like.
 *
 * All text is trimmed, free of control characters and bounded in length; what was missing or empty is
 * `null`. `startAt` is never after `endAt`; `reportDay` is the UTC calendar day that most of the period lies in, as
 * `YYYY-MM-DD`, the earlier one of equals. `reportId` alone is not unique: two reporters, or one reporter on two domains, may
 * use the same.
 *
 * RFC 8460 §4.4
 */
export type TlsReport = {
  organizationName: string | null;
  contactInfo: string | null;
  reportId: string;
  startAt: Date;
  endAt: Date;
  reportDay: string;
  policies: PolicyResult[];
};

/**
 * What a reporter saw under one policy of one domain.
 *
 * `policyType` is `sts`, `tlsa`, `no-policy-found`, or the reporter's own word, lower-case; `unknown` when
 * there was none. `policyDomain` is a lower-case A-label name without trailing dot, for `tlsa` usually that
 * of the MX host; text that is no domain name is kept as it came. Counts are 0 to `Number.MAX_SAFE_INTEGER`, `null` where the
 * report leaves them unknown. `failedSessions` is never less than that of a detail. The sum over `failureDetails` need not
 * equal it: one session can fail in several ways.
 *
 * RFC 8460 §4.4
 */
export type PolicyResult = {
  policyType: string;
  policyDomain: string | null;
  policyStrings: string[];
  mxHostPatterns: string[];
  successfulSessions: number | null;
  failedSessions: number | null;
  failureDetails: FailureDetail[];
};

/**
 * One way in which sessions failed.
 *
 * `resultType` is the reporter's word, lower-case; `knownResultType` says whether it is in `RESULT_TYPES`.
 * `failedSessions` is `null` where the report gives no count and it cannot be derived.
 * Addresses are canonical (IPv6 as in RFC 5952, IPv4-mapped as IPv4); text that is no address is kept.
 * `additionalInfo` is meant to be a URI but comes from a stranger: never link it unchecked.
 *
 * RFC 8460 §4.4
 */
export type FailureDetail = {
  resultType: string;
  knownResultType: boolean;
  sendingMtaIp: string | null;
  receivingMxHost: string | null;
  receivingMxHelo: string | null;
  receivingIp: string | null;
  failedSessions: number | null;
  additionalInfo: string | null;
  failureReasonCode: string | null;
};
