import type { Domain } from "@waxseal/db";
import type { DnsAnswer, OtherResolvers, Resolver } from "@waxseal/probes";
import { checkDomainMx } from "./check-domain-mx.ts";
import { isSameMx, type SecondOpinion } from "./count-mx-answer.ts";
import type { MxHost } from "./draft-policy.ts";
import { readStoredMx } from "./read-mx-hosts.ts";

/** Who is asked which hosts receive a domain's mail. */
export type MxLookUpDeps = {
  resolver: Pick<Resolver, "resolveMx" | "resolveAddresses">;
  /** Without them a change counts when it lasts. */
  otherResolvers?: OtherResolvers | undefined;
};

/** The hosts that DNS answers now, and whether another source agrees. */
export type SeenMx = { mxHosts: MxHost[]; opinion: SecondOpinion };

/**
 * Looks up the MX hosts of a domain, and asks for a second opinion when they differ from the stored ones: another resolver, or the
 * name servers of the zone. Undefined when DNS does not answer.
 */
export async function seeDomainMx(
  { domain, mxHosts, mxCheckedAt }: Pick<Domain, "domain" | "mxHosts" | "mxCheckedAt">,
  { resolver, otherResolvers }: MxLookUpDeps,
): Promise<SeenMx | undefined> {
  let isAuthoritative = false;
  const note = <T>(answer: DnsAnswer<T>) => {
    isAuthoritative = "found" in answer && answer.isAuthoritative === true;
    return answer;
  };
  const noting: typeof resolver = {
    resolveAddresses: async (name) => note(await resolver.resolveAddresses(name)),
    resolveMx: async (name) => note(await resolver.resolveMx(name)),
  };
  const seen = await checkDomainMx(noting, domain);
  if (!seen) return undefined;
  const isKnown = mxCheckedAt === null || isSameMx(readStoredMx(mxHosts), seen);
  if (isKnown || isAuthoritative || !otherResolvers) {
    return { mxHosts: seen, opinion: isKnown || isAuthoritative ? "agrees" : "none" };
  }
  for (const other of await otherResolvers(domain)) {
    const answer = await checkDomainMx(other, domain);
    if (answer) return { mxHosts: seen, opinion: isSameMx(answer, seen) ? "agrees" : "disagrees" };
  }
  return { mxHosts: seen, opinion: "none" };
}
