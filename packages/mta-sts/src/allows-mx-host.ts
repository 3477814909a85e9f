/**
 * Whether a policy's `mx` patterns allow delivery to this MX host.
 *
 * Both sides are A-labels; letter case and a final dot of the host do not matter, as they come from DNS.
 * `*` is exactly one label: `*.example.com` allows `a.example.com`, but neither `example.com` nor
 * `a.b.example.com`.
 *
 * RFC 8461 §4.1
 */
export function allowsMxHost(mxPatterns: readonly string[], mxHost: string): boolean {
  const host = mxHost.toLowerCase().replace(/\.$/, "");
  const [label, ...parentLabels] = host.split(".");
  const wildcard = `*.${parentLabels.join(".")}`;
  return mxPatterns.some((written) => {
    const pattern = written.toLowerCase();
    return pattern === host || (label !== "" && pattern === wildcard);
  });
}
