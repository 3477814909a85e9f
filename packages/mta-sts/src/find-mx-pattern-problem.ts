/** What is wrong with an mx pattern. */
export type MxPatternProblem =
  | "empty"
  | "ip-address"
  | "trailing-dot"
  | "u-label"
  | "underscore"
  | "too-long"
  | "syntax";

const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;
const MAX_LABEL_LENGTH = 63;
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
  if (pattern.length > 10 * MAX_NAME_LENGTH) return "too-long";
  if (/[^\p{ASCII}]/u.test(pattern)) return "u-label";
  const name = pattern.startsWith("*.") ? pattern.slice(2) : pattern;
  if (/^[a-z0-9_.-]*[a-z][a-z0-9_.-]*:\d{1,5}$/i.test(name)) return "syntax";
  if (/^\[.*\]$/.test(name) || name.includes(":")) return "ip-address";
  if (/[^.]\.$/.test(name)) return "trailing-dot";
  const labels = name.split(".");
  if (!labels.every((label) => LABEL.test(label.replaceAll("_", "0")))) return "syntax";
  if (name.includes("_")) return "underscore";
  if (name.length > MAX_NAME_LENGTH || labels.some(({ length }) => length > MAX_LABEL_LENGTH))
    return "too-long";
  // URL parsers and resolvers read a last label of digits, or of hexadecimal digits after 0x, as part of an IPv4 address.
  return /^(?:\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? "") ? "ip-address" : undefined;
}
