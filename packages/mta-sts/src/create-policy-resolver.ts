import { fetchPolicyBody, type PolicyFetch } from "./fetch-policy-body.ts";
import { findStsRecord } from "./find-sts-record.ts";
import { parsePolicy } from "./parse-policy.ts";
import type { Policy } from "./policy.ts";

/** A policy as a sender keeps it: the record's id that it was fetched under, and until when it counts. */
export type CachedPolicy = { readonly id: string; readonly policy: Policy; readonly expiresAt: Date };

/** Where policies are kept. A `Map` will do; a store that outlives the process keeps what MTA-STS protects. RFC 8461 §10.2 */
export type PolicyCache = {
  get(domain: string): CachedPolicy | undefined | Promise<CachedPolicy | undefined>;
  set(domain: string, cached: CachedPolicy): unknown;
};

/**
 * The policy a sender has to follow now, or null, where it delivers as if there were no MTA-STS.
 *
 * `source`: `fetched` just now, or from the `cache`. `problem` says why a newer policy could not be had; it may come with
 * a policy from the cache. With neither policy nor problem the domain has no MTA-STS.
 */
export type ResolvedPolicy = {
  readonly policy: Policy | null;
  readonly source: "fetched" | "cache" | null;
  readonly expiresAt: Date | null;
  readonly problem: string | null;
};

/** What resolving needs from outside. */
export type PolicyResolverOptions = {
  /** All TXT records of a name, each a list of strings. Throws an error with code `ENOTFOUND` or `ENODATA` where there are none, as `node:dns` does. */
  readonly resolveTxt: (name: string) => Promise<readonly (readonly string[])[]>;
  readonly fetch?: PolicyFetch;
  readonly cache?: PolicyCache;
  /** The time of day, which decides until when a kept policy counts. */
  readonly now?: () => Date;
  /** A clock in milliseconds that no one sets. */
  readonly elapsedMs?: () => number;
};

/** A fetch that failed is not tried again for the same id within this time. RFC 8461 §3.3 */
const RETRY_MS = 5 * 60_000;
const MAX_FAILURES = 10_000;

type Failure = { readonly id: string; readonly failedAtMs: number; readonly problem: string };

/**
 * Makes the function that senders ask before a delivery: which policy does this domain have?
 *
 * The record is looked up each time and says by its id whether the kept policy is the newest. A policy that is kept counts until
 * its `max_age` is over, whatever becomes of the record or the server since: neither a lost record nor a failed fetch removes it.
 * Questions for one domain at the same time share one answer. `domain` is an A-label name without final dot, in any case. Never throws.
 *
 * RFC 8461 §3.1, RFC 8461 §3.3, RFC 8461 §5.1
 */
export function createPolicyResolver(
  options: PolicyResolverOptions,
): (domain: string) => Promise<ResolvedPolicy> {
  const { resolveTxt, fetch = globalThis.fetch, cache = new Map(), now = () => new Date() } = options;
  const { elapsedMs = () => performance.now() } = options;
  const running = new Map<string, Promise<ResolvedPolicy>>();
  const failures = new Map<string, Failure>();

  async function resolve(domain: string): Promise<ResolvedPolicy> {
    const kept = await findKept(domain);
    const record = await findRecord(domain, resolveTxt);
    if (!record.ok) return answerKept(kept, record.problem);
    if (kept?.id === record.id) return answerKept(kept, null);
    const failure = failures.get(domain);
    if (failure?.id === record.id && elapsedMs() - failure.failedAtMs < RETRY_MS)
      return answerKept(kept, failure.problem);
    const fetched = await fetchPolicy(domain, fetch);
    if (!fetched.ok) {
      noteFailure(domain, { id: record.id, failedAtMs: elapsedMs(), problem: fetched.problem });
      return answerKept(kept, fetched.problem);
    }
    failures.delete(domain);
    const { policy } = fetched;
    const expiresAt = new Date(now().getTime() + policy.maxAgeSeconds * 1000);
    const problem = await keep(domain, { id: record.id, policy, expiresAt });
    return { policy, source: "fetched", expiresAt, problem };
  }

  async function findKept(domain: string): Promise<CachedPolicy | undefined> {
    const kept = await cache.get(domain);
    return kept && kept.expiresAt > now() ? kept : undefined;
  }

  async function keep(domain: string, cached: CachedPolicy): Promise<string | null> {
    try {
      await cache.set(domain, cached);
      return null;
    } catch {
      return "The policy counts now, but the store of policies does not take it.";
    }
  }

  /** The oldest failures go first: a list of a million domains that all fail costs no more memory than this. */
  function noteFailure(domain: string, failure: Failure): void {
    failures.delete(domain);
    failures.set(domain, failure);
    const [oldest] = failures.keys();
    if (failures.size > MAX_FAILURES && oldest !== undefined) failures.delete(oldest);
  }

  return (name) => {
    const domain = name.toLowerCase();
    const asked = running.get(domain);
    if (asked) return asked;
    const answer = resolve(domain)
      .catch((): ResolvedPolicy => answerKept(undefined, "The store of policies does not answer."))
      .finally(() => running.delete(domain));
    running.set(domain, answer);
    return answer;
  };
}

function answerKept(kept: CachedPolicy | undefined, problem: string | null): ResolvedPolicy {
  return kept
    ? { policy: kept.policy, source: "cache", expiresAt: kept.expiresAt, problem }
    : { policy: null, source: null, expiresAt: null, problem };
}

type FoundId = { ok: true; id: string } | { ok: false; problem: string | null };

async function findRecord(domain: string, resolveTxt: PolicyResolverOptions["resolveTxt"]): Promise<FoundId> {
  const name = `_mta-sts.${domain}`;
  try {
    const found = findStsRecord(await resolveTxt(name));
    if (found.ok) return found;
    return { ok: false, problem: found.reason === "no-record" ? null : found.problem };
  } catch (error) {
    const isAbsent =
      error instanceof Error && "code" in error && (error.code === "ENOTFOUND" || error.code === "ENODATA");
    return { ok: false, problem: isAbsent ? null : `The TXT record at ${name} cannot be looked up.` };
  }
}

type FetchedPolicy = { ok: true; policy: Policy } | { ok: false; problem: string };

async function fetchPolicy(domain: string, fetch: PolicyFetch): Promise<FetchedPolicy> {
  const body = await fetchPolicyBody(domain, fetch);
  if (!body.ok) return body;
  const parsed = parsePolicy(body.text);
  return parsed.ok ? parsed : { ok: false, problem: `Line ${parsed.line} of the policy: ${parsed.problem}` };
}
