/** Everything that owners are alerted to, by code, as people call it. */
export const ALERT_CONDITIONS = {
  "cname.missing": "A CNAME is missing",
  "cname.wrong": "A CNAME points elsewhere",
  "claim.lost": "Another account manages the domain",
  "mx.uncovered": "A mail host is not in the policy",
  "mx.badTls": "A mail host fails encryption",
  "mx.expiring": "A mail host's certificate expires soon",
  "dane.broken": "A DANE record does not match",
  "mx.migration": "Mail moves to another provider",
  "mx.changed": "The MX records changed",
  "host.certificate": "The policy's certificate cannot be renewed",
  "publish.stuck": "A new policy is not live",
  "host.refused": "Senders cannot fetch the policy",
  "failures.up": "More connections fail than usual",
  "failures.new": "A new kind of failure",
  "reports.silent": "Reports stay away",
  "reporter.silent": "A sender stopped reporting",
  "reports.none": "No report has come yet",
  "reports.rejected": "Reports could not be read",
  "reports.forged": "False reports",
  "leave.state": "Leaving",
  "channel.dead": "A channel or mailbox is not reached",
} as const;

/** A code of `ALERT_CONDITIONS`. */
export type AlertCondition = keyof typeof ALERT_CONDITIONS;

/** Those codes. */
export const ALERT_CONDITION_CODES = Object.keys(ALERT_CONDITIONS) as AlertCondition[];
