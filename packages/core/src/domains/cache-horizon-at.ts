import type { PolicyVersion } from "@waxseal/db";

/** What of a version decides how long senders may hold it. */
export type ServedVersion = Pick<PolicyVersion, "maxAgeSeconds" | "publishedAt" | "lastServedAt">;

/**
 * The last instant at which a sender may still have cached an older policy: the latest of all versions' last answers plus
 * their max_age. The version served now does not count. null: none was ever there to fetch.
 *
 * Senders fetch a policy only after they saw a TXT record, so versions that went before the first published id do not count.
 *
 * RFC 8461 §3.2, §8.3
 */
export function cacheHorizonAt(versions: readonly ServedVersion[]): Date | null {
  const firstPublishedAt = findFirstPublishedAt(versions);
  const horizons = versions
    .map((version) => versionHorizonAt(version, firstPublishedAt)?.getTime())
    .filter((time) => time !== undefined);
  return horizons.length > 0 ? new Date(Math.max(...horizons)) : null;
}

/**
 * When the last sender that cached this version forgets it. null: it is still served, or no sender could fetch it.
 * `firstPublishedAt` is the instant the first id of the domain went into the TXT record.
 */
export function versionHorizonAt(version: ServedVersion, firstPublishedAt: Date | undefined): Date | null {
  const { lastServedAt, maxAgeSeconds } = version;
  if (lastServedAt === null || firstPublishedAt === undefined || lastServedAt < firstPublishedAt) return null;
  return new Date(lastServedAt.getTime() + maxAgeSeconds * 1_000);
}

/** The instant the first id of a domain went into the TXT record; undefined: not yet. */
export function findFirstPublishedAt(versions: readonly ServedVersion[]): Date | undefined {
  const times = versions
    .map(({ publishedAt }) => publishedAt?.getTime())
    .filter((time) => time !== undefined);
  return times.length > 0 ? new Date(Math.min(...times)) : undefined;
}
