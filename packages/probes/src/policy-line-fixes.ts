import type { PolicyFindingCode } from "@waxseal/mta-sts";

const NAME_A_HOST = "Name a host as MX records do, for example mx1.example.com or *.example.com.";

/** What to do about a line of the policy, and about what lacks. RFC 8461 §3.2 */
export const POLICY_LINE_FIXES = {
  empty: "Serve the policy: version, mode, mx and max_age, each on its own line.",
  "too-large": "Serve the policy alone, below 64 KiB.",
  "byte-order-mark": "Save the file as UTF-8 without a byte-order mark.",
  "bare-lf": "End lines with CRLF if you can; nothing depends on it.",
  "no-final-terminator": "End the last line too; nothing depends on it.",
  "blank-line": "Remove the blank line.",
  "control-character": "Type the line again.",
  "leading-whitespace": "Begin the line with its key.",
  "no-colon": "Write the line as key, colon, value, or remove it.",
  "space-before-colon": "Put the colon directly after the key.",
  "bad-key": "Use version, mode, mx or max_age, or remove the line.",
  "duplicate-key": "Leave one of the lines; the first one counts now.",
  "unknown-key": "Correct its spelling, or remove it if nothing needs it.",
  "empty-value": "Give it a value, or remove the line.",
  "version-not-first": "Put version first, as some readers expect it there.",
  "bad-version": "Write version: STSv1",
  "missing-version": "Begin with version: STSv1",
  "bad-mode": "Write mode: enforce, mode: testing or mode: none",
  "missing-mode": "Add mode: testing, and enforce once the reports show no failures.",
  "bad-max-age": "Write a whole number of seconds, for example max_age: 604800",
  "max-age-too-large": "Write at most 31557600, which is a year.",
  "max-age-zero": "Raise it to a week or more: max_age: 604800",
  "max-age-short": "Raise it to a week or more: max_age: 604800",
  "missing-max-age": "Add max_age: 604800, which is a week.",
  "missing-mx": "Add a line mx: for every mail host.",
  "no-mx-in-none": "Add one line mx: to please those.",
  "mx-duplicate": "Remove the second of the two.",
  "mx-ip-address": NAME_A_HOST,
  "mx-trailing-dot": "Remove the dot at the end.",
  "mx-u-label": "Write the host's ASCII form, which begins with xn--.",
  "mx-underscore":
    "Rename the mail host without the underscore. A name that begins with _dc-mx comes from Cloudflare: set the mail host's DNS record to “DNS only”.",
  "mx-too-long": NAME_A_HOST,
  "mx-syntax": NAME_A_HOST,
} as const satisfies Record<PolicyFindingCode, string>;
