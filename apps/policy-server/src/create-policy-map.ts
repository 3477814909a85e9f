import type { ServedPolicy } from "@waxseal/core/serving";
import { ownerName } from "@waxseal/core/setup-names";
import { formatPolicy } from "@waxseal/mta-sts";

/** A policy ready to send; version 0: not known (kept on disk by an older release). */
export type PolicyEntry = [policyHost: string, body: string, version: number];

/** What is sent, and the version that it is; 0: not known. */
type Served = { body: string; version: number };

/** Every policy that is served, by policy host, ready to send. */
export type PolicyMap = {
  find(policyHost: string): Served | undefined;
  has(policyHost: string): boolean;
  size(): number;
  entries(): Generator<PolicyEntry>;
  set(policyHost: string, body: string | undefined, version: number): void;
  replaceAll(entries: Iterable<PolicyEntry>): void;
};

/** An empty policy map. Equal versions of equal bodies are kept once: most domains of a customer have the same MX hosts. */
export function createPolicyMap(): PolicyMap {
  let policies = new Map<string, Served>();
  let distinct = new Map<string, Served>();
  const intern = (body: string, version: number): Served => {
    const key = `${version} ${body}`;
    const known = distinct.get(key);
    if (known) return known;
    const served = { body, version };
    distinct.set(key, served);
    return served;
  };
  return {
    find: (policyHost) => policies.get(policyHost),
    has: (policyHost) => policies.has(policyHost),
    size: () => policies.size,
    *entries() {
      for (const [policyHost, { body, version }] of policies) yield [policyHost, body, version];
    },
    set: (policyHost, body, version) => {
      // Bodies that are no longer served pile up; forget them all now and then.
      if (distinct.size > policies.size * 2 + 1_000) distinct = new Map();
      if (body === undefined) policies.delete(policyHost);
      else policies.set(policyHost, intern(body, version));
    },
    replaceAll: (entries) => {
      policies = new Map();
      distinct = new Map();
      for (const [policyHost, body, version] of entries) policies.set(policyHost, intern(body, version));
    },
  };
}

/** Where and how a policy is served. RFC 8461 §3.2, §3.3 */
export function policyEntry(policy: ServedPolicy): PolicyEntry {
  return [ownerName("policyHost", policy.domain), formatPolicy(policy), policy.version];
}
