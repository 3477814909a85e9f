/** Words that look like codes and are everybody's. */
const KNOWN = new Set([
  "EHLO",
  "ESMTP",
  "ECDSA",
  "EXAMPLE",
  "DATABASE_URL",
  "WAXSEAL_DEBUG",
  "SECRET_KEYS",
  "max_age",
]);

const PATTERNS: readonly [what: string, pattern: RegExp][] = [
  ["an errno", /\bE[A-Z]{3,}\b/g],
  ["an ISO time", /\b\d{4}-\d\d-\d\dT\d\d:\d\d/g],
  ["a code in capitals", /\b[A-Z]{2,}(?:_[A-Z0-9]+)+\b/g],
  ["a JSON key", /\b[a-z]+[a-z0-9]*[A-Z][A-Za-z]*\b|\b[a-z]+_[a-z_]+\b/g],
  ["a dotted code", /\b(?:account|certificate|domain|policy|preflight|ca|report|setup)\.[a-z]\w+\b/g],
  ["a value that is missing", /\b(?:undefined|null|NaN)\b|\[object|urn:/g],
  ["an SQLSTATE", /\b(?:08|28|40|53|57)[0-9P]\d{2}\b/g],
];

/** For tests: what in a text for people is written for programs; empty when nothing is. `codes` are names of ours that must not appear. */
export function findRawWords(text: string, codes: Iterable<string> = []): string[] {
  const found = PATTERNS.flatMap(([what, pattern]) =>
    [...text.matchAll(pattern)].flatMap(([word]) => (KNOWN.has(word) ? [] : [`${what}: ${word}`])),
  );
  const words = new Set(text.split(/[^\w.-]+/));
  const named = [...codes].filter((code) => /[-.]/.test(code) && words.has(code));
  return [...found, ...named.map((code) => `a code name: ${code}`)];
}
