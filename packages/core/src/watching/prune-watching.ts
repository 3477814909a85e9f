import type { Database } from "@waxseal/db";

/** How long what was seen of MX hosts is kept after the last time, and how much of it. */
const KEPT = {
  probeDays: 30,
  sightingDays: 400,
  certificateDays: 400,
  certificatesOfHost: 50,
  hostsOfDomain: 200,
};

/**
 * Deletes what was seen of MX hosts long ago, by the database's time: looks at hosts that no domain uses after 30 days, certificates and
 * MX records after 400. A stranger who presents new ones at each look fills no table: 50 certificates of a host and 200 hosts of a domain
 * remain. Hosts that domains use and that have no planned look get one. Returns how many rows went.
 */
export async function pruneWatching(
  db: Database,
): Promise<{ mxProbes: number; mxCertificates: number; mxSightings: number }> {
  await db.$executeRaw`
    insert into mx_host_watch (mx_host, next_probe_at, is_urgent)
    select distinct h->>'mxHost', clock_timestamp(), false from domain d cross join lateral jsonb_array_elements(d.mx_hosts) h
    where d.status <> 'left' and h->>'mxHost' <> '.' on conflict do nothing`;
  const mxProbes = await db.$executeRaw`
    delete from mx_host_probe p where probed_at < clock_timestamp() - make_interval(days => ${KEPT.probeDays})
      and not exists (select 1 from mx_host_watch m where m.mx_host = p.mx_host)`;
  const mxCertificates = await db.$executeRaw`
    delete from mx_host_certificate c using (
      select mx_host, vantage, address, spki256, certificate_not_after, last_seen_at,
        row_number() over (partition by mx_host order by last_seen_at desc) as place
      from mx_host_certificate) k
    where (k.place > ${KEPT.certificatesOfHost}
        or k.last_seen_at < clock_timestamp() - make_interval(days => ${KEPT.certificateDays}))
      and (c.mx_host, c.vantage, c.address, c.spki256, c.certificate_not_after)
        = (k.mx_host, k.vantage, k.address, k.spki256, k.certificate_not_after)`;
  const mxSightings = await db.$executeRaw`
    delete from mx_sighting s using (
      select account_id, domain_id, mx_host, last_seen_at,
        row_number() over (partition by account_id, domain_id order by last_seen_at desc) as place
      from mx_sighting) k
    where (k.place > ${KEPT.hostsOfDomain}
        or k.last_seen_at < clock_timestamp() - make_interval(days => ${KEPT.sightingDays}))
      and (s.account_id, s.domain_id, s.mx_host) = (k.account_id, k.domain_id, k.mx_host)`;
  return { mxProbes, mxCertificates, mxSightings };
}
