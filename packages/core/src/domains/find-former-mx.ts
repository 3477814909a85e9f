import type { Domain } from "@waxseal/db";
import { HOUR_MS } from "@waxseal/runtime/time-spans";
import type { MxHost } from "./draft-policy.ts";
import { readStoredMx } from "./read-mx-hosts.ts";

/** A host that no longer receives a domain's mail; `until`: senders may still try it. */
export type FormerMxHost = Sighted & { until: Date };
type Sighted = { mxHost: string; lastSeenAt: Date };

/** Six hours, or a longer TTL of the MX records, and two days. */
const STILL_TRIED_MS = 54 * HOUR_MS;

/**
 * Returns recent MX hosts that the newest lookup no longer shows: senders that cached the old MX records still try them.
 *
 * RFC 5321 §5.1; RFC 2181 §8
 */
export function findFormerMx(
  domain: Pick<Domain, "mxHosts" | "mxCheckedAt">,
  sightings: readonly Sighted[],
  mxHosts: readonly Pick<MxHost, "mxHost">[],
  now: Date,
): FormerMxHost[] {
  const current = new Set(mxHosts.map(({ mxHost }) => mxHost));
  return listSeenMx(domain, sightings)
    .map((seen) => ({ ...seen, until: new Date(seen.lastSeenAt.getTime() + STILL_TRIED_MS) }))
    .filter(({ mxHost, until }) => !current.has(mxHost) && until > now);
}

/** Every host of a domain with the time it was last seen; sightings do not follow each look that sees no change. */
export function listSeenMx(
  { mxHosts, mxCheckedAt }: Pick<Domain, "mxHosts" | "mxCheckedAt">,
  sightings: readonly Sighted[],
): Sighted[] {
  const seen = new Map(sightings.map(({ mxHost, lastSeenAt }) => [mxHost, lastSeenAt]));
  for (const { mxHost } of mxCheckedAt ? readStoredMx(mxHosts) : []) {
    const before = seen.get(mxHost);
    if (mxCheckedAt && !(before && before > mxCheckedAt)) seen.set(mxHost, mxCheckedAt);
  }
  return [...seen]
    .filter(([mxHost]) => mxHost !== ".")
    .map(([mxHost, lastSeenAt]) => ({ mxHost, lastSeenAt }))
    .sort((a, b) => (a.mxHost < b.mxHost ? -1 : 1));
}
