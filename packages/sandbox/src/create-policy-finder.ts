import { findStsRecord, type Policy } from "@waxseal/mta-sts";
import { fetchPolicyAsSender } from "./fetch-policy-as-sender.ts";
import type { MailNames } from "./resolve-mail-names.ts";

const MAX_CACHED = 2_000;

/** What governs a delivery, and what a report says about it. `lines` are the policy's, for `policy-string`. */
export type DeliveryPolicy =
  | { type: "sts"; policy: Policy; lines: string[]; how: string }
  | { type: "none"; how: string }
  | { type: "failed"; resultType: string; reasonCode: string; how: string };

type Cached = { id: string; policy: Policy; lines: string[]; expiresAtMs: number };

/**
 * Makes the policy look-up of one sender, with its own cache.
 *
 * A policy is fetched again when the id in DNS moves or it is older than its
 * `max_age`; when a fetch fails or the record is gone, one that has not expired
 * stays in force. `mode: none` counts as no policy. The look-up never throws.
 *
 * RFC 8461 §3.1, §3.3, §5.1
 */
export function createPolicyFinder(deps: {
  names: MailNames;
  httpsPort: number;
  caPem: string;
  now: () => Date;
}): (domain: string) => Promise<DeliveryPolicy> {
  const cache = new Map<string, Cached>();

  return async (domain) => {
    const nowMs = deps.now().getTime();
    const kept = cache.get(domain);
    const cached = kept && kept.expiresAtMs > nowMs ? kept : undefined;
    const record = findStsRecord(await deps.names.txt(`_mta-sts.${domain}`).catch(() => []));
    if (!record.ok) {
      return cached
        ? inForce(cached, "no usable _mta-sts record, the policy kept earlier still holds")
        : none(record.problem);
    }
    if (cached?.id === record.id) return inForce(cached, `id ${record.id} as before, policy from memory`);

    const policyHost = `mta-sts.${domain}`;
    const [address] = await deps.names.addresses(policyHost).catch(() => []);
    const fetched = address
      ? await fetchPolicyAsSender({ policyHost, address, port: deps.httpsPort, caPem: deps.caPem })
      : ({ ok: false, resultType: "sts-policy-fetch-error", reasonCode: "no address" } as const);
    if (!fetched.ok) {
      const how = `https://${policyHost}/.well-known/mta-sts.txt: ${fetched.reasonCode}`;
      return cached
        ? inForce(cached, `${how}; the policy kept earlier still holds`)
        : { ...fetched, type: "failed", how };
    }
    const { policy, lines } = fetched;
    const entry = { id: record.id, policy, lines, expiresAtMs: nowMs + policy.maxAgeSeconds * 1000 };
    cache.delete(domain);
    cache.set(domain, entry);
    const [oldest] = cache.keys();
    if (cache.size > MAX_CACHED && oldest) cache.delete(oldest);
    return inForce(entry, `id ${record.id}, fetched from ${policyHost}`);
  };
}

function inForce({ policy, lines }: Cached, how: string): DeliveryPolicy {
  const summary = `${how}: mode ${policy.mode}, mx ${policy.mx.join(" ") || "-"}`;
  return policy.mode === "none" ? none(summary) : { type: "sts", policy, lines, how: summary };
}

function none(how: string): DeliveryPolicy {
  return { type: "none", how };
}
