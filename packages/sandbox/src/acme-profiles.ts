import { HOUR_MS } from "@waxseal/runtime/time-spans";

/** What the sandbox CA issues by name: how it is described in the directory, and how long it lives. `classic` when none is asked for. */
const PROFILES = {
  classic: { description: "90 days", lifeMs: 90 * 24 * HOUR_MS },
  tlsserver: { description: "45 days", lifeMs: 45 * 24 * HOUR_MS },
  shortlived: { description: "160 hours", lifeMs: 160 * HOUR_MS },
} as const;

/** For the directory's `meta.profiles`: name and description. */
export function describeAcmeProfiles(): Record<string, string> {
  return Object.fromEntries(Object.entries(PROFILES).map(([name, { description }]) => [name, description]));
}

/** Life of a certificate of that profile in milliseconds; undefined when there is no such profile. */
export function findProfileLifeMs(profile = "classic"): number | undefined {
  return Object.entries(PROFILES).find(([name]) => name === profile)?.[1].lifeMs;
}
