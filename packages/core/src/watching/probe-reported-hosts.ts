import type { Database } from "@waxseal/db";
import { HOUR_MS } from "@waxseal/runtime/time-spans";
import type { DomainKey } from "./evaluate-domains.ts";

/**
 * Has the MX hosts of domains probed at once whose proven reports show more failures than usual: a probe tells a broken host from a broken
 * sender. A host is brought forward at most once an hour, also one that is due and waits. Returns how many were.
 */
export async function probeReportedHosts(
  db: Database,
  keys: readonly DomainKey[],
  now: Date,
): Promise<number> {
  if (keys.length === 0) return 0;
  return db.$executeRaw`
    update mx_host_watch m set next_probe_at = least(m.next_probe_at, ${now}), is_urgent = true
    where (m.next_probe_at > ${now} or not m.is_urgent) and (m.claimed_at is null or m.claimed_at < ${new Date(now.getTime() - HOUR_MS)})
      and m.mx_host in (
        select s.mx_host from unnest(${keys.map(({ accountId }) => accountId)}::text[], ${keys.map(({ domainId }) => domainId)}::uuid[])
          as k(account_id, domain_id)
        join alert a on a.account_id = k.account_id and a.domain_id = k.domain_id
          and a.condition = 'failures.up' and a.state in ('pending', 'open')
        join mx_sighting s on s.account_id = k.account_id and s.domain_id = k.domain_id)`;
}
