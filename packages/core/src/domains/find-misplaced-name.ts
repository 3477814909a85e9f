import { lookUpCname, type Resolver } from "@waxseal/probes";

/**
 * The wrong name that has a CNAME to `target`, undefined when none of the usual ones has it.
 *
 * Those come from DNS forms that append the zone automatically: `mta-sts.example.com.example.com` when the whole name was typed,
 * and for a domain below its zone `mta-sts.example.com` in place of `mta-sts.mail.example.com` when the domain was left out.
 */
export async function findMisplacedName(
  resolver: Resolver,
  record: { name: string; domain: string; target: string; zone: string | undefined },
): Promise<string | undefined> {
  const { name, domain, target } = record;
  const zone = record.zone ?? domain;
  const prefix = name.slice(0, -domain.length);
  const candidates = new Set([`${name}.${zone}`, `${name}.${domain}`, `${prefix}${zone}`]);
  candidates.delete(name);
  const seen = await Promise.all(
    [...candidates].map(async (candidate) => {
      const answer = await lookUpCname(resolver, candidate);
      return "found" in answer && answer.found === target ? candidate : undefined;
    }),
  );
  return seen.find((candidate) => candidate !== undefined);
}
