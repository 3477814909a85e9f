import type { Resolver } from "@waxseal/probes";
import type { MxHost } from "../domains/draft-policy.ts";

const MAX_MX_HOSTS = 100;

/**
 * The hosts a domain's mail goes to, most preferred first; undefined when DNS does not answer.
 *
 * Without MX records a domain with addresses is its own mail host (RFC 5321 §5.1); without those the list is empty.
 * A null MX is kept as `.` (RFC 7505 §3).
 */
export async function checkDomainMx(
  resolver: Pick<Resolver, "resolveMx" | "resolveAddresses">,
  domain: string,
): Promise<MxHost[] | undefined> {
  const answer = await resolver.resolveMx(domain);
  if ("found" in answer) {
    return answer.found.slice(0, MAX_MX_HOSTS).map(({ mxHost, preference }) => ({ mxHost, preference }));
  }
  if (answer.missing === "no-domain") return [];
  if (answer.missing !== "no-record") return undefined;
  const addresses = await resolver.resolveAddresses(domain);
  if ("found" in addresses) return [{ mxHost: domain, preference: 0 }];
  return addresses.missing === "no-record" || addresses.missing === "no-domain" ? [] : undefined;
}
