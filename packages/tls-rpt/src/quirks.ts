/**
 * Everything that can be wrong with a report and still be repaired, each with what was done about it.
 *
 * The text is a sentence about "the report", fit to be shown beside it. Each code has a fixture of the
 * same name. The list is closed: a parser version never answers a code that is not here.
 *
 * RFC 8460 §4.4
 */
export const QUIRKS = {
  "byte-order-mark": "The report starts with a byte order mark; it was skipped.",
  "utf-16": "The report is written in UTF-16 rather than UTF-8; it was converted.",
  "invalid-utf8": "The report is not valid UTF-8; unreadable characters were replaced.",
  "raw-control-characters":
    "The report's JSON has unescaped line breaks or control characters; they were read as spaces.",
  "trailing-garbage": "Something follows the report's JSON; it was left out.",
  "missing-organization-name":
    "The report does not name its organisation; we use the submitter of the message.",
  "missing-contact-info": "The report has no contact address.",
  "date-without-zone": "A date in the report has no time zone; it was read as UTC.",
  "date-not-rfc3339": "A date in the report is not written as RFC 3339 asks, but its meaning is clear.",
  "missing-end-date": "The report does not say when its period ends; it was taken to cover 24 hours.",
  "long-period":
    "The report covers more than two days; it counts for the UTC day that most of its period lies in.",
  "date-range-reversed": "The report's period ends before it starts; the two dates were exchanged.",
  "text-not-string":
    "A text in the report is a number or something else; it was turned into text, or left out.",
  "text-truncated": "A text in the report is extremely long; its end was cut off.",
  "control-characters":
    "A text in the report holds control or text-direction characters; they were replaced by spaces.",
  "policies-not-array": "The report's policies are not a list; the one policy was read as a list of one.",
  "malformed-policy": "An element of the report's policies is not an object; it was skipped.",
  "flat-policy": "A policy is not described in an object of its own; its fields were read one level up.",
  "missing-policy-type": 'A policy has no type; it is shown as "unknown".',
  "unknown-policy-type": "A policy has a type that no standard defines; its text was kept.",
  "letter-case": "A policy type or result type is written in capitals; it was read in lower case.",
  "missing-policy-domain": "A policy names no domain; we use the domain that the message gives, if any.",
  "invalid-policy-domain": "A policy's domain is not a domain name; its text was kept.",
  "unicode-domain": "A domain or host is not written in ASCII; it was converted.",
  "missing-policy-string": "A policy of type sts or tlsa is not quoted in the report.",
  "policy-string-not-array": "A policy is quoted as one text; it was split into lines.",
  "policy-string-nested-json": "A policy is quoted as JSON inside JSON; it was unwrapped.",
  "list-truncated": "A list of policy lines or MX patterns is extremely long; its end was cut off.",
  "missing-mx-host": "An sts policy is reported without its MX patterns.",
  "mx-host-not-array": "A policy's MX pattern is a text rather than a list; it was read as a list of one.",
  "mx-host-pattern-key": 'The MX patterns are under "mx-host-pattern" rather than "mx-host".',
  "missing-summary":
    "A policy has no session counts. How many sessions succeeded is unknown; failed ones are those of its failure details.",
  "missing-session-count":
    "A session count is missing. Failed sessions were taken from the failure details; how many succeeded is unknown where that count is missing.",
  "misspelt-count-key": "A session count has a misspelt name; it was read.",
  "negative-session-count": "A session count is negative; it was read as missing.",
  "huge-session-count":
    "A session count is beyond what can be counted exactly; it was lowered to the largest exact number.",
  "session-count-not-integer":
    "A session count is not a whole number; it was read as one where possible, else as missing.",
  "failed-total-too-low":
    "The total of failed sessions is lower than one of the failures listed below it; the largest of those counts.",
  "missing-failure-count":
    "A failure has no count. The only failure of a policy takes the policy's total; otherwise the count is unknown.",
  "policy-listed-twice": "A policy is listed twice with exactly the same content; it was counted once.",
  "failure-details-null": "The failure details are null; they were read as none.",
  "failure-details-not-array":
    "The failure details are not a list; the one detail was read as a list of one.",
  "malformed-failure-detail": "A failure detail is not an object; it was skipped.",
  "missing-result-type": 'A failure has no result type; it is shown as "unknown".',
  "unknown-result-type": "A failure has a result type that no standard defines; its text was kept.",
  "ip-not-canonical": "An address is not written in its canonical form; it was rewritten.",
  "not-an-ip-address": "An address is not an IP address; its text was kept.",
  "multi-line-helo": "The MX host's greeting holds the whole EHLO reply; its first line was kept.",
  "additional-info-uri-key":
    'Additional information is under "additional-info-uri" rather than "additional-information".',
} as const;

/** One repair the parser can make; see `QUIRKS` for what each means. RFC 8460 §4.4 */
export type QuirkCode = keyof typeof QUIRKS;

/**
 * A repair the parser made in one report.
 *
 * `at` is where it was first needed, for example `policies[0].failure-details[3].sending-mta-ip`, empty for
 * the document as a whole; `count` is how often. A code is listed once, in the order first met.
 *
 * RFC 8460 §4.4
 */
export type Quirk = { code: QuirkCode; at: string; count: number };
