import type { PolicyResult, TlsReport } from "@waxseal/tls-rpt";

/** A domain of the account a report came to. */
export type OwnDomain = { domainId: string; domain: string; mxHosts: readonly string[] };

/** A report's policies by the account's domains they are about, and the domains that are not the account's. */
export type RoutedPolicies = {
  own: { domain: OwnDomain; policies: PolicyResult[] }[];
  foreignDomains: string[];
  /** Policies that name no domain and could not be given one. */
  namelessCount: number;
};

/**
 * Splits a report by domain.
 *
 * `home` is the domain whose token the report was sent to. A `tlsa` policy is named for the MX host, so
 * one about a host of `home` is about `home`. Policies without a domain are about `home`. A report without any policy
 * says that nothing was sent: it is about `home` too.
 *
 * RFC 8460 §1.1, §4.4
 */
export function routePolicies(
  report: TlsReport,
  home: OwnDomain | null,
  findOwnDomain: (domain: string) => OwnDomain | undefined,
): RoutedPolicies {
  const byDomainId = new Map<string, { domain: OwnDomain; policies: PolicyResult[] }>();
  const foreign = new Set<string>();
  let namelessCount = 0;
  const give = (domain: OwnDomain, policies: PolicyResult[]) => {
    const known = byDomainId.get(domain.domainId);
    if (known) known.policies.push(...policies);
    else byDomainId.set(domain.domainId, { domain, policies });
  };
  for (const policy of report.policies) {
    const { policyDomain } = policy;
    const owner = policyDomain === null ? home : findOwner(policy, policyDomain, home, findOwnDomain);
    if (owner) {
      give(owner, [policyDomain === null ? { ...policy, policyDomain: owner.domain } : policy]);
    } else if (policyDomain === null) namelessCount++;
    else foreign.add(policyDomain);
  }
  if (report.policies.length === 0 && home) give(home, []);
  return { own: [...byDomainId.values()], foreignDomains: [...foreign], namelessCount };
}

function findOwner(
  policy: PolicyResult,
  policyDomain: string,
  home: OwnDomain | null,
  findOwnDomain: (domain: string) => OwnDomain | undefined,
): OwnDomain | undefined {
  const own = findOwnDomain(policyDomain);
  if (own || !home || policy.policyType !== "tlsa") return own;
  return home.mxHosts.includes(policyDomain) || policyDomain.endsWith(`.${home.domain}`) ? home : undefined;
}
