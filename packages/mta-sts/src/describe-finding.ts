import { MAX_AGE_LIMIT_SECONDS } from "./policy.ts";

/** How much a finding matters: `error` leaves strict senders without a policy, `warning` some senders, `note` none. */
export type FindingSeverity = "error" | "warning" | "note";

/** Something wrong or odd in a policy body; `line` counts from 1. */
export type PolicyFinding = {
  readonly code: PolicyFindingCode;
  readonly severity: FindingSeverity;
  readonly line: number;
  readonly message: string;
};

/** Every kind of finding. */
export type PolicyFindingCode = keyof typeof FINDINGS;

type Wording = { severity: FindingSeverity; message: (detail: string) => string };

const FINDINGS = {
  empty: { severity: "error", message: () => "The policy is empty." },
  "too-large": {
    severity: "error",
    message: () => "The policy is larger than 64 KiB; senders stop reading.",
  },
  "byte-order-mark": {
    severity: "error",
    message: () => "The file starts with a byte-order mark; save it as UTF-8 without one.",
  },
  "bare-lf": {
    severity: "note",
    message: () => "Lines end in LF alone; almost all senders accept that, CRLF is accepted by all.",
  },
  "no-final-terminator": { severity: "note", message: () => "The last line is not ended by CRLF." },
  "blank-line": { severity: "error", message: () => "Blank lines are not allowed." },
  "control-character": { severity: "error", message: () => "The line contains a control character." },
  "leading-whitespace": { severity: "error", message: () => "The line starts with a blank." },
  "no-colon": { severity: "error", message: (line) => `Expected "key: value", found ${quote(line)}.` },
  "space-before-colon": {
    severity: "error",
    message: (key) => `There is a blank between ${quote(key)} and ":".`,
  },
  "bad-key": { severity: "error", message: (key) => `${quote(key)} cannot be a key.` },
  "duplicate-key": {
    severity: "warning",
    message: (key) => `${quote(key)} is given again; only the first one counts.`,
  },
  "unknown-key": {
    severity: "note",
    message: (key) => `${quote(key)} is ignored by senders.${suggestKey(key)}`,
  },
  "empty-value": { severity: "error", message: (key) => `${quote(key || "mx")} has no value.` },
  "version-not-first": {
    severity: "note",
    message: (key) => `The first line is ${quote(key)}, usually it is "version".`,
  },
  "bad-version": { severity: "error", message: (value) => `version must be "STSv1", not ${quote(value)}.` },
  "missing-version": { severity: "error", message: () => 'The line "version: STSv1" is missing.' },
  "bad-mode": {
    severity: "error",
    message: (value) => `mode must be "enforce", "testing" or "none" in lower case, not ${quote(value)}.`,
  },
  "missing-mode": { severity: "error", message: () => 'The line "mode: …" is missing.' },
  "bad-max-age": {
    severity: "error",
    message: (value) => `max_age must be a number of seconds, not ${quote(value)}.`,
  },
  "max-age-too-large": {
    severity: "error",
    message: (value) => `max_age is ${value} seconds; the most allowed is ${MAX_AGE_LIMIT_SECONDS} (a year).`,
  },
  "max-age-zero": {
    severity: "warning",
    message: () => "max_age is 0: nothing is remembered, and some senders call the policy invalid.",
  },
  "max-age-short": {
    severity: "warning",
    message: (value) =>
      `max_age is ${value} seconds; large senders ignore policies kept for less than a day.`,
  },
  "missing-max-age": { severity: "error", message: () => 'The line "max_age: …" is missing.' },
  "missing-mx": { severity: "error", message: () => 'There is no "mx: …" line.' },
  "no-mx-in-none": {
    severity: "note",
    message: () => 'There is no "mx: …" line. Mode none needs none, but some senders want one.',
  },
  "mx-duplicate": { severity: "note", message: () => "The same mx is listed more than once." },
  "mx-ip-address": {
    severity: "error",
    message: (value) => `mx must be a host name, not an address: ${quote(value)}.`,
  },
  "mx-trailing-dot": { severity: "error", message: (value) => `mx must not end in a dot: ${quote(value)}.` },
  "mx-u-label": {
    severity: "error",
    message: (value) => `mx must be written in ASCII (xn--…): ${quote(value)}.`,
  },
  "mx-underscore": {
    severity: "error",
    message: (value) => `mx contains an underscore, so no CA can issue its certificate: ${quote(value)}.`,
  },
  "mx-too-long": {
    severity: "error",
    message: (value) => `mx is too long for a host name: ${quote(value)}.`,
  },
  "mx-syntax": {
    severity: "error",
    message: (value) => `mx must be a host name, or "*." and a domain: ${quote(value)}.`,
  },
} satisfies Record<string, Wording>;

const MISSPELLED_KEYS = new Map([
  ["nmx", "mx"],
  ["maxage", "max_age"],
  ["max-age", "max_age"],
]);

/** Puts a finding into words; `detail` is the text it is about, of any length. */
export function describeFinding(line: number, code: PolicyFindingCode, detail = ""): PolicyFinding {
  const { severity, message }: Wording = FINDINGS[code];
  return { code, severity, line, message: message(detail) };
}

function quote(text: string): string {
  return `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;
}

function suggestKey(key: string): string {
  const lower = key.toLowerCase();
  const isKnownInLowerCase = ["version", "mode", "mx", "max_age"].includes(lower);
  const suggestion = isKnownInLowerCase ? lower : MISSPELLED_KEYS.get(lower);
  return suggestion === undefined ? "" : ` Did you mean "${suggestion}"?`;
}
