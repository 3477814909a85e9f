const MAX_DOMAIN_CHARS = 253;
const MAX_LABEL_CHARS = 63;
const DOT = 0x2e;
const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;

/**
 * A domain name as lower-case A-labels without trailing dot, or `undefined` when the text is none.
 *
 * U-labels are converted. Underscores are allowed: report domains are DNS names, not only host names.
 */
export function cleanDomain(text: string): string | undefined {
  const lower = text.toLowerCase();
  const domain = lower.endsWith(".") ? lower.slice(0, -1) : lower;
  if (isDomain(domain)) return domain;
  if (
    domain.length > MAX_DOMAIN_CHARS ||
    !/[^\p{ASCII}]/u.test(domain) ||
    /[^\p{L}\p{M}\p{N}._-]/u.test(domain)
  )
    return undefined;
  if (!URL.canParse(`http://${domain}`)) return undefined;
  const { hostname } = new URL(`http://${domain}`);
  return isDomain(hostname) ? hostname : undefined;
}

/** Labels of letters, digits, hyphens inside, and underscores. Character by character, since every failure names a host. */
function isDomain(text: string): boolean {
  if (text.length > MAX_DOMAIN_CHARS) return false;
  let labelStart = 0;
  for (let index = 0; index <= text.length; index++) {
    const code = index === text.length ? DOT : text.charCodeAt(index);
    if (code !== DOT) {
      if (!isLabelCharacter(code)) return false;
      continue;
    }
    const isLabel = index > labelStart && index - labelStart <= MAX_LABEL_CHARS;
    if (!isLabel || text.charCodeAt(labelStart) === HYPHEN || text.charCodeAt(index - 1) === HYPHEN)
      return false;
    labelStart = index + 1;
  }
  return true;
}

function isLabelCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === HYPHEN || code === UNDERSCORE
  );
}
