import { ownerName } from "@waxseal/core";
import type { ServedPolicy } from "@waxseal/core/serving";
import { formatPolicy } from "@waxseal/mta-sts";

/** Every policy that is served, by policy host, ready to send. */
export type PolicyMap = {
  bodyOf(policyHost: string): string | undefined;
  has(policyHost: string): boolean;
  size(): number;
  entries(): IterableIterator<[policyHost: string, body: string]>;
  set(policyHost: string, body: string | undefined): void;
  replaceAll(entries: Iterable<[policyHost: string, body: string]>): void;
};

/** An empty policy map. Equal bodies are kept once: most domains of a customer have the same MX hosts. */
export function createPolicyMap(): PolicyMap {
  let policies = new Map<string, string>();
  let bodies = new Map<string, string>();
  const intern = (body: string) => {
    const known = bodies.get(body);
    if (known === undefined) bodies.set(body, body);
    return known ?? body;
  };
  return {
    bodyOf: (policyHost) => policies.get(policyHost),
    has: (policyHost) => policies.has(policyHost),
    size: () => policies.size,
    entries: () => policies.entries(),
    set: (policyHost, body) => {
      // Bodies nobody serves any more pile up; rather forget them all now and then.
      if (bodies.size > policies.size * 2 + 1_000) bodies = new Map();
      if (body === undefined) policies.delete(policyHost);
      else policies.set(policyHost, intern(body));
    },
    replaceAll: (entries) => {
      policies = new Map();
      bodies = new Map();
      for (const [policyHost, body] of entries) policies.set(policyHost, intern(body));
    },
  };
}

/** Where and how a policy is served. RFC 8461 §3.2, §3.3 */
export function policyEntry(policy: ServedPolicy): [policyHost: string, body: string] {
  return [ownerName("policyHost", policy.domain), formatPolicy(policy)];
}
