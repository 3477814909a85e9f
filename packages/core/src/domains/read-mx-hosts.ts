import type { Domain } from "@waxseal/db";
import { z } from "zod";
import type { MxHost } from "./draft-policy.ts";

const StoredMxHosts = z.array(z.object({ mxHost: z.string(), preference: z.number() }));

/**
 * The hosts that take a domain's mail as of the last look-up, most preferred first.
 *
 * Without an MX record that is the domain itself (RFC 5321 §5.1); with a null MX (RFC 7505 §3), or before the first
 * answer from DNS, there are none.
 */
export function readMxHosts(domain: Pick<Domain, "domain" | "mxHosts" | "mxCheckedAt">): MxHost[] {
  if (domain.mxCheckedAt === null) return [];
  const stored = StoredMxHosts.safeParse(domain.mxHosts).data ?? [];
  if (stored.length === 0) return [{ mxHost: domain.domain, preference: 0 }];
  return stored.filter(({ mxHost }) => mxHost !== ".").sort((a, b) => a.preference - b.preference);
}
