/** What is wrong with an mx pattern. */
export type MxPatternProblem = "empty" | "ip-address" | "trailing-dot" | "u-label" | "syntax";

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const MAX_NAME_LENGTH = 253;

/**
 * What keeps this text from being an `mx` value, or `undefined` when it is a good one.
 *
 * Good is a host name, or `*.` and a domain, in A-labels of either case without a trailing dot.
 * Names that end in a number are addresses, not host names. Linear in the length of the text.
 *
 * RFC 8461 §3.2
 */
export function findMxPatternProblem(pattern: string): MxPatternProblem | undefined {
  if (pattern === "") return "empty";
  if (pattern.length > MAX_NAME_LENGTH + 3) return "syntax";
  if (/[^\p{ASCII}]/u.test(pattern)) return "u-label";
  const name = pattern.startsWith("*.") ? pattern.slice(2) : pattern;
  if (/^\[.*\]$/.test(name) || name.includes(":")) return "ip-address";
  if (name.endsWith(".") && name.length > 1) return "trailing-dot";
  const labels = name.split(".");
  if (name.length > MAX_NAME_LENGTH || !labels.every((label) => LABEL.test(label))) return "syntax";
  return /^\d+$/.test(labels.at(-1) ?? "") ? "ip-address" : undefined;
}
