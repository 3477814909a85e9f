import { isPrivateName } from "./find-mx-host-problem.ts";
import { findMxPatternProblem, type MxPatternProblem } from "./find-mx-pattern-problem.ts";
import { normalizeMxPattern } from "./normalize-mx-pattern.ts";
import { isPolicyMode, MAX_AGE_LIMIT_SECONDS } from "./policy.ts";

/** A policy as typed, before anyone has looked at it. */
export type PolicyDraft = {
  readonly mode: string;
  readonly mx: readonly string[];
  readonly maxAgeSeconds: number;
};

/** Why a draft should not be published (`error`) or might be regretted (`warning`); `index` is that of the mx. */
export type PolicyProblem = {
  readonly field: "mode" | "mx" | "maxAgeSeconds";
  readonly index?: number;
  readonly problem: string;
  readonly severity: "error" | "warning";
};

/** The most `mx` patterns we publish: with them the body stays far below what the strictest sender reads. */
export const MAX_MX_PATTERNS = 100;

const ONE_DAY_SECONDS = 86_400;
const TWO_WEEKS_SECONDS = 14 * ONE_DAY_SECONDS;

// Zones that hold nothing but one provider's MX hosts, so that a wildcard there gives nothing away.
const MX_ONLY_ZONES = new Set(["mx.microsoft"]);

const MX_PROBLEMS = {
  empty: () => "Enter a host name.",
  "ip-address": () => "An address cannot be used here; enter the name of the mail host.",
  "trailing-dot": () => "Leave out the dot at the end.",
  underscore: () => "Enter a name without an underscore: no CA may issue a certificate for one.",
  "too-long": () => "Enter a name of at most 253 characters, with at most 63 between two dots.",
  "u-label": (pattern) => `Enter the ASCII form: ${normalizeMxPattern(pattern)}`,
  syntax: () =>
    'Enter a host name such as "mx1.example.com", or "*.example.com" for any host one level below.',
} satisfies Record<MxPatternProblem, (pattern: string) => string>;

/**
 * Everything that speaks against publishing this policy; empty when nothing does.
 *
 * Stricter than the grammar: what some sender is known to refuse is an error here. Values are judged as they are, so
 * put what people type through `normalizeMxPattern` first. At most the first hundred patterns are looked at.
 * Never throws.
 *
 * RFC 8461 §3.2, §10.4
 */
export function checkPolicy(draft: PolicyDraft): PolicyProblem[] {
  return [...checkMode(draft.mode), ...checkMx(draft.mx), ...checkMaxAge(draft)];
}

function checkMode(mode: string): PolicyProblem[] {
  if (isPolicyMode(mode)) return [];
  return [{ field: "mode", problem: "Choose enforce, testing or none.", severity: "error" }];
}

function checkMx(mx: readonly string[]): PolicyProblem[] {
  if (mx.length === 0) return [{ field: "mx", problem: "List at least one mail host.", severity: "error" }];
  const problems: PolicyProblem[] = [];
  if (mx.length > MAX_MX_PATTERNS) {
    problems.push({ field: "mx", problem: `List at most ${MAX_MX_PATTERNS} mail hosts.`, severity: "error" });
  }
  const seen = new Set<string>();
  for (const [index, pattern] of mx.slice(0, MAX_MX_PATTERNS).entries()) {
    const found = checkMxPattern(pattern, seen);
    if (found) problems.push({ field: "mx", index, ...found });
    seen.add(pattern.toLowerCase());
  }
  return problems;
}

function checkMxPattern(
  pattern: string,
  seen: Set<string>,
): Pick<PolicyProblem, "problem" | "severity"> | undefined {
  const code = findMxPatternProblem(pattern);
  if (code) return { problem: MX_PROBLEMS[code](pattern), severity: "error" };
  if (seen.has(pattern.toLowerCase())) return { problem: "Already in the list.", severity: "error" };
  if (isPrivateName(pattern)) {
    const problem = "Enter a name in public DNS: senders cannot reach one of a private network.";
    return { problem, severity: "error" };
  }
  const labels = pattern.split(".");
  const isWildcard = labels[0] === "*";
  if (labels.length < (isWildcard ? 3 : 2)) {
    return { problem: "Enter the full name, with its domain.", severity: "error" };
  }
  const zone = labels.slice(1).join(".");
  if (isWildcard && labels.length === 3 && !MX_ONLY_ZONES.has(zone)) {
    const problem = `Any host directly below ${zone} that has a certificate may then receive this mail; name the mail hosts if you can.`;
    return { problem, severity: "warning" };
  }
  return undefined;
}

function checkMaxAge({ mode, maxAgeSeconds: age }: PolicyDraft): PolicyProblem[] {
  const say = (severity: PolicyProblem["severity"], problem: string): PolicyProblem[] => [
    { field: "maxAgeSeconds", problem, severity },
  ];
  if (!Number.isSafeInteger(age)) return say("error", "Enter a whole number of seconds.");
  if (age <= 0) return say("error", "Enter more than 0 seconds.");
  if (age > MAX_AGE_LIMIT_SECONDS)
    return say("error", `Enter at most ${MAX_AGE_LIMIT_SECONDS} seconds (a year).`);
  if (mode === "enforce" && age < ONE_DAY_SECONDS) {
    return say(
      "error",
      `Enter at least ${ONE_DAY_SECONDS} seconds (a day): large senders ignore shorter policies.`,
    );
  }
  if (mode === "enforce" && age < TWO_WEEKS_SECONDS) {
    return say(
      "warning",
      "Less than two weeks leaves senders unprotected soon after an outage or an attack on your DNS.",
    );
  }
  if (mode === "testing" && age < ONE_DAY_SECONDS) {
    return say(
      "warning",
      "Large senders ignore policies that last less than a day, and will send no reports.",
    );
  }
  return [];
}
