/**
 * The form of an mx pattern that a policy carries: lower-case A-labels, no trailing dot, no surrounding blanks.
 *
 * U-labels become A-labels. What cannot be a host name comes back tidied but otherwise as it is, so that
 * `checkPolicy` can name the problem. Never throws.
 *
 * RFC 8461 §3.2
 */
export function normalizeMxPattern(text: string): string {
  const tidy = text.trim().toLowerCase();
  const wildcard = tidy.startsWith("*.") ? "*." : "";
  const name = toALabels(tidy.slice(wildcard.length));
  return wildcard + (/[^.]\.$/.test(name) ? name.slice(0, -1) : name);
}

function toALabels(name: string): string {
  const isAscii = !/[^\p{ASCII}]/u.test(name);
  // A URL parser would take these as user, port, path or escape, and drop part of the text.
  const isNotAName = name.length > 253 || /[\p{Cc}\p{Zs}"#%/:<>?@[\\\]^`{|}]/u.test(name);
  if (isAscii || isNotAName) return name;
  try {
    return new URL(`http://${name}`).hostname;
  } catch {
    return name;
  }
}
