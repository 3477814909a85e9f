/**
 * Whether a policy's `mx` patterns allow delivery to this MX host.
 *
 * Both sides are lower-case A-labels without a trailing dot. `*` stands for
 * exactly one label: `*.example.com` allows `a.example.com`, but neither
 * `example.com` nor `a.b.example.com`.
 *
 * RFC 8461 §4.1
 */
export function allowsMxHost(mxPatterns: readonly string[], mxHost: string): boolean {
  const [, ...parentLabels] = mxHost.split(".");
  const wildcard = `*.${parentLabels.join(".")}`;
  return mxPatterns.some((pattern) => pattern === mxHost || pattern === wildcard);
}
