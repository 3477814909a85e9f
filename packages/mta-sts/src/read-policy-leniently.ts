import { describeFinding, type PolicyFinding, type PolicyFindingCode } from "./describe-finding.ts";
import { findMxPatternProblem, type MxPatternProblem } from "./find-mx-pattern-problem.ts";
import { normalizeMxPattern } from "./normalize-mx-pattern.ts";
import { isPolicyMode, MAX_AGE_LIMIT_SECONDS, MAX_POLICY_BYTES, type PolicyMode } from "./policy.ts";

/** A policy as far as it could be read: `mode` or `maxAgeSeconds` is absent when it is missing or unreadable. */
export type LenientPolicy = {
  readonly mode?: PolicyMode;
  readonly mx: readonly string[];
  readonly maxAgeSeconds?: number;
};

type Draft = { mode?: PolicyMode; mx: string[]; maxAgeSeconds?: number };
type LineTrouble = { code: PolicyFindingCode; detail?: string };
type Trouble = LineTrouble & { line: number };

const FINDINGS_PER_CODE = 5;
const ONE_DAY_SECONDS = 86_400;
const KEY = /^[a-z0-9][a-z0-9_.-]{0,31}$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const CONTROL_CHARACTER = /[\u0000-\u0008\u000a-\u001f\u007f]/;

const MX_FINDINGS = {
  empty: "empty-value",
  "ip-address": "mx-ip-address",
  "trailing-dot": "mx-trailing-dot",
  "u-label": "mx-u-label",
  underscore: "mx-underscore",
  "too-long": "mx-too-long",
  syntax: "mx-syntax",
} satisfies Record<MxPatternProblem, PolicyFindingCode>;

/**
 * What can be read from a policy body, with everything that is wrong or odd about it.
 *
 * A finding of severity `error` breaks the grammar or a MUST: a strict sender has no policy then. Findings come in the
 * order of their lines, at most five for one code; absent fields are reported on the last line. Over 64 KiB nothing
 * is read. Repeated `mx` values are dropped. Linear in the length of the text; never throws.
 *
 * RFC 8461 §3.2
 */
export function readPolicyLeniently(text: string): {
  policy: LenientPolicy;
  findings: readonly PolicyFinding[];
} {
  const draft: Draft = { mx: [] };
  const findings: PolicyFinding[] = [];
  const counts = new Map<PolicyFindingCode, number>();
  for (const { line, code, detail } of readText(text, draft)) {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    if (count <= FINDINGS_PER_CODE) findings.push(describeFinding(line, code, detail));
  }
  return { policy: draft, findings };
}

function* readText(text: string, draft: Draft): Generator<Trouble> {
  const isTooLarge =
    text.length > MAX_POLICY_BYTES || new TextEncoder().encode(text).length > MAX_POLICY_BYTES;
  if (isTooLarge) yield { line: 1, code: "too-large" };
  else if (text === "") yield { line: 1, code: "empty" };
  else yield* readLines(text, draft);
}

function* readLines(text: string, draft: Draft): Generator<Trouble> {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (body !== text) yield { line: 1, code: "byte-order-mark" };
  const lines = body.split("\n");
  const endsWithTerminator = lines.length > 1 && lines.at(-1) === "";
  if (endsWithTerminator) lines.pop();
  const terminated = endsWithTerminator ? lines : lines.slice(0, -1);
  const bareLfIndex = terminated.findIndex((line) => !line.endsWith("\r"));
  if (bareLfIndex >= 0) yield { line: bareLfIndex + 1, code: "bare-lf" };
  const seen = new Set<string>();
  for (const [index, raw] of lines.entries()) {
    const line = index < terminated.length && raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    for (const trouble of readLine(line, draft, seen)) yield { line: index + 1, ...trouble };
  }
  if (!endsWithTerminator) yield { line: lines.length, code: "no-final-terminator" };
  for (const code of findWhatIsMissing(draft, seen)) yield { line: lines.length, code };
}

function* readLine(line: string, draft: Draft, seen: Set<string>): Generator<LineTrouble> {
  if (/^[ \t]*\r?$/.test(line)) return yield { code: "blank-line" };
  if (CONTROL_CHARACTER.test(line)) return yield { code: "control-character" };
  if (isBlank(line[0])) yield { code: "leading-whitespace" };
  const colon = line.indexOf(":");
  if (colon < 0) return yield { code: "no-colon", detail: line };
  const key = trimBlanks(line.slice(0, colon));
  if (isBlank(line[colon - 1])) yield { code: "space-before-colon", detail: key };
  if (!KEY.test(key)) return yield { code: "bad-key", detail: key };
  const value = trimBlanks(line.slice(colon + 1));
  if (key !== "mx" && seen.has(key)) return yield { code: "duplicate-key", detail: key };
  if (seen.size === 0 && key !== "version") yield { code: "version-not-first", detail: key };
  seen.add(key);
  const code = value === "" ? "empty-value" : readField(key, value, draft);
  if (code) yield { code, detail: code === "empty-value" || code === "unknown-key" ? key : value };
}

function readField(key: string, value: string, draft: Draft): PolicyFindingCode | undefined {
  switch (key) {
    case "version":
      return value === "STSv1" ? undefined : "bad-version";
    case "mode":
      if (!isPolicyMode(value)) return "bad-mode";
      draft.mode = value;
      return undefined;
    case "max_age":
      return readMaxAge(value, draft);
    case "mx":
      return readMx(value, draft);
    default:
      return "unknown-key";
  }
}

function readMaxAge(value: string, draft: Draft): PolicyFindingCode | undefined {
  if (!/^\d{1,10}$/.test(value)) return "bad-max-age";
  const maxAgeSeconds = Number(value);
  draft.maxAgeSeconds = maxAgeSeconds;
  if (maxAgeSeconds > MAX_AGE_LIMIT_SECONDS) return "max-age-too-large";
  if (maxAgeSeconds === 0) return "max-age-zero";
  return maxAgeSeconds < ONE_DAY_SECONDS ? "max-age-short" : undefined;
}

function readMx(value: string, draft: Draft): PolicyFindingCode | undefined {
  const problem = findMxPatternProblem(value);
  const pattern = normalizeMxPattern(value);
  if (!findMxPatternProblem(pattern)) draft.mx.push(pattern);
  return problem && MX_FINDINGS[problem];
}

function* findWhatIsMissing(draft: Draft, seen: Set<string>): Generator<PolicyFindingCode> {
  const distinct = [...new Set(draft.mx)];
  if (distinct.length < draft.mx.length) yield "mx-duplicate";
  draft.mx = distinct;
  if (!seen.has("version")) yield "missing-version";
  if (!seen.has("mode")) yield "missing-mode";
  if (!seen.has("max_age")) yield "missing-max-age";
  if (!seen.has("mx")) yield draft.mode === "none" ? "no-mx-in-none" : "missing-mx";
}

function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}
