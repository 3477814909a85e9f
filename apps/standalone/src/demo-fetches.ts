import type { Context } from "@waxseal/core";
import { HOUR_MS } from "@waxseal/runtime/time-spans";

/** Client networks the made-up fetches come from, and how many a day each makes per domain. */
const NETWORKS = [
  { network: "209.85.128.0/24", perDay: 30 },
  { network: "209.85.160.0/24", perDay: 22 },
  { network: "40.107.8.0/24", perDay: 18 },
  { network: "98.137.64.0/24", perDay: 7 },
  { network: "17.57.154.0/24", perDay: 5 },
  { network: "2001:db8:25::/48", perDay: 2 },
] as const;

const DAYS = 30;

/**
 * What the fetch log of a domain would hold after a month with these versions, the newest of them for a day now.
 * The last network has not asked since. A few clients of this hour failed to agree on TLS.
 */
export async function addDemoFetches(
  ctx: Context,
  { domainId, domain, versions }: { domainId: string; domain: string; versions: readonly number[] },
): Promise<void> {
  const { accountId } = ctx;
  const now = Math.floor(ctx.now().getTime() / HOUR_MS) * HOUR_MS;
  const newestSince = now - 26 * HOUR_MS;
  const [older = 1, newest = older] = versions;
  const rows = [];
  for (const [place, { network, perDay }] of NETWORKS.entries()) {
    const everyHours = Math.max(1, Math.round(24 / perDay));
    for (let hoursAgo = 1; hoursAgo < DAYS * 24; hoursAgo += everyHours) {
      const at = now - hoursAgo * HOUR_MS;
      const isNewest = at >= newestSince;
      if (isNewest && place === NETWORKS.length - 1) continue;
      const fetches = Math.max(1, Math.round((perDay * everyHours) / 24));
      const version = isNewest ? newest : older;
      rows.push({ accountId, domainId, hour: new Date(at), version, status: 200, network, fetches });
    }
  }
  await ctx.db.policyFetch.createMany({ data: rows, skipDuplicates: true });
  const policyHost = `mta-sts.${domain}`;
  const hour = new Date(now);
  const failures = [
    { policyHost, hour, reason: "econnreset", failures: 4 },
    { policyHost, hour, reason: "unsupported-protocol", failures: 1 },
  ];
  await ctx.db.handshakeFailure.createMany({ data: failures, skipDuplicates: true });
}
