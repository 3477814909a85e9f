import type { Domain } from "@waxseal/db";
import { z } from "zod";
import type { MxHost } from "./draft-policy.ts";

const StoredMxHosts = z.array(z.object({ mxHost: z.string(), preference: z.number() }));

/**
 * The hosts that take a domain's mail as of the last look-up, most preferred first. None with a null MX (RFC 7505 §3), for a
 * domain without any mail host, and before the first answer from DNS.
 */
export function readMxHosts(domain: Pick<Domain, "mxHosts" | "mxCheckedAt">): MxHost[] {
  if (domain.mxCheckedAt === null) return [];
  const stored = readStoredMx(domain.mxHosts);
  return stored.filter(({ mxHost }) => mxHost !== ".").sort((a, b) => a.preference - b.preference);
}

/** MX hosts as a domain's row holds them, a null MX included. */
export function readStoredMx(mxHosts: Domain["mxHosts"]): MxHost[] {
  return StoredMxHosts.safeParse(mxHosts).data ?? [];
}

/** The names of MX hosts in a fixed order, to compare two looks. */
export function sortedHosts(hosts: readonly Pick<MxHost, "mxHost">[]): string[] {
  return hosts.map(({ mxHost }) => mxHost).sort();
}
