import type { Domain } from "@waxseal/db";
import { allowsMxHost } from "@waxseal/mta-sts";
import { readMxHosts } from "./read-mx-hosts.ts";

/** The MX hosts of the last look that a policy does not allow. RFC 8461 §4.1 */
export function findUncoveredMx(
  domain: Pick<Domain, "mxHosts" | "mxCheckedAt">,
  { mx }: { mx: readonly string[] },
): string[] {
  return readMxHosts(domain)
    .map(({ mxHost }) => mxHost)
    .filter((mxHost) => !allowsMxHost(mx, mxHost));
}
