import { type HostingSettings, reportsMxHost } from "@waxseal/core";
import { addressRecords, type DnsRecordSet } from "@waxseal/core/zone";
import type { NameserverAddress } from "./parse-nameserver-addresses.ts";

const TTL_SECONDS = 3_600;

/**
 * The record sets of the zone that are not about any token.
 *
 * The zone's NS; A and AAAA of nameservers inside the zone; when REPORTS_DOMAIN is inside the zone, its MX with the
 * addresses of that mail host, and those of REPORTS_HOST. Nameservers without addresses of their own, and all other
 * hosts, have those of the policy servers.
 */
export function staticRecords(
  settings: HostingSettings,
  nameserverAddresses: readonly NameserverAddress[],
): DnsRecordSet[] {
  const { hostedZone, reportsDomain, reportsHost, policyAddresses } = settings;
  const nameservers = zoneNameservers(settings);
  const hosts = new Set(nameservers.filter((name) => isInZone(name, hostedZone)));
  const records: DnsRecordSet[] = [
    { name: hostedZone, type: "NS", ttlSeconds: TTL_SECONDS, values: nameservers },
  ];
  if (isInZone(reportsDomain, hostedZone)) {
    const mxHost = reportsMxHost(reportsDomain);
    const values = [{ preference: 10, mxHost }];
    records.push({ name: reportsDomain, type: "MX", ttlSeconds: TTL_SECONDS, values });
    hosts.add(mxHost);
  }
  if (reportsHost && isInZone(reportsHost, hostedZone)) hosts.add(reportsHost);
  for (const host of hosts) {
    const own = nameserverAddresses.filter(({ nameserver }) => nameserver === host);
    const addresses = own.length > 0 ? own.map(({ address }) => address) : policyAddresses;
    records.push(...addressRecords(host, addresses));
  }
  return records;
}

/** The nameservers of the zone; one of its own when none is configured. The first is the primary. */
export function zoneNameservers(settings: HostingSettings): readonly string[] {
  return settings.nameservers.length > 0 ? settings.nameservers : [`ns1.${settings.hostedZone}`];
}

/** Whether a name is the zone's apex or below it. */
export function isInZone(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
