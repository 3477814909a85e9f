import type { Resolver } from "@waxseal/probes";

/** A zone, and its name servers (lower-case, no trailing dots, in order of their names). */
export type DnsZone = { zone: string; nameservers: string[] };

const MAX_NAMESERVERS = 20;

/**
 * The zone a domain is in: the closest name at or above it that has name servers, though no top-level domain. Undefined
 * when there is none, or DNS does not answer.
 *
 * RFC 1034 §4.2
 */
export async function findDnsZone(resolver: Resolver, domain: string): Promise<DnsZone | undefined> {
  const labels = domain.split(".");
  for (let start = 0; labels.length - start >= 2; start++) {
    const zone = labels.slice(start).join(".");
    const answer = await resolver.resolveNs(zone);
    if ("found" in answer) {
      // Behind a CNAME they are another zone's.
      if (answer.cnames.length > 0) continue;
      return { zone, nameservers: [...new Set(answer.found)].sort().slice(0, MAX_NAMESERVERS) };
    }
    if (answer.missing !== "no-record" && answer.missing !== "no-domain") return undefined;
  }
  return undefined;
}
