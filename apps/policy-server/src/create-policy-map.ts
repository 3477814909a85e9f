import type { ServedPolicy } from "@waxseal/core/serving";
import { ownerName } from "@waxseal/core/setup-names";
import { formatPolicy } from "@waxseal/mta-sts";

/** A policy ready to send; version 0: not known (kept on disk by an older release). */
export type PolicyEntry = [policyHost: string, body: string, version: number];

/** Every policy that is served, by policy host, ready to send. */
export type PolicyMap = {
  bodyOf(policyHost: string): string | undefined;
  /** 0: nothing is served, or the version is not known. */
  versionOf(policyHost: string): number;
  has(policyHost: string): boolean;
  size(): number;
  entries(): Generator<PolicyEntry>;
  set(policyHost: string, body: string | undefined, version: number): void;
  replaceAll(entries: Iterable<PolicyEntry>): void;
};

/** An empty policy map. Equal bodies are kept once: most domains of a customer have the same MX hosts. */
export function createPolicyMap(): PolicyMap {
  let policies = new Map<string, string>();
  let versions = new Map<string, number>();
  let bodies = new Map<string, string>();
  const intern = (body: string) => {
    const known = bodies.get(body);
    if (known === undefined) bodies.set(body, body);
    return known ?? body;
  };
  return {
    bodyOf: (policyHost) => policies.get(policyHost),
    versionOf: (policyHost) => versions.get(policyHost) ?? 0,
    has: (policyHost) => policies.has(policyHost),
    size: () => policies.size,
    *entries() {
      for (const [policyHost, body] of policies) yield [policyHost, body, versions.get(policyHost) ?? 0];
    },
    set: (policyHost, body, version) => {
      // Bodies nobody serves any more pile up; rather forget them all now and then.
      if (bodies.size > policies.size * 2 + 1_000) bodies = new Map();
      if (body === undefined) {
        policies.delete(policyHost);
        versions.delete(policyHost);
      } else {
        policies.set(policyHost, intern(body));
        versions.set(policyHost, version);
      }
    },
    replaceAll: (entries) => {
      policies = new Map();
      versions = new Map();
      bodies = new Map();
      for (const [policyHost, body, version] of entries) {
        policies.set(policyHost, intern(body));
        versions.set(policyHost, version);
      }
    },
  };
}

/** Where and how a policy is served. RFC 8461 §3.2, §3.3 */
export function policyEntry(policy: ServedPolicy): PolicyEntry {
  return [ownerName("policyHost", policy.domain), formatPolicy(policy), policy.version];
}
