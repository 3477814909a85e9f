const DOMAIN =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * A domain name as lower-case A-labels without trailing dot, or `undefined` when the text is none.
 *
 * U-labels are converted. Underscores are allowed: report domains are DNS names, not only host names.
 */
export function cleanDomain(text: string): string | undefined {
  const lower = text.toLowerCase();
  const domain = lower.endsWith(".") ? lower.slice(0, -1) : lower;
  if (DOMAIN.test(domain)) return domain;
  if (domain.length > 253 || !/[^\p{ASCII}]/u.test(domain) || /[^\p{L}\p{M}\p{N}._-]/u.test(domain))
    return undefined;
  if (!URL.canParse(`http://${domain}`)) return undefined;
  const { hostname } = new URL(`http://${domain}`);
  return DOMAIN.test(hostname) ? hostname : undefined;
}
