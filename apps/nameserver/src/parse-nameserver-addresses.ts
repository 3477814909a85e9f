import { isIP } from "node:net";
import type { HostingSettings } from "@waxseal/core";
import { isInZone, zoneNameservers } from "./static-records.ts";

/** One A or AAAA of a nameserver inside the zone. */
export type NameserverAddress = { nameserver: string; address: string };

/**
 * Reads `name=address` items, or plain addresses when the zone has one nameserver inside it.
 * @throws Error – an item is neither, names no nameserver inside the zone, or one of those is left without
 */
export function parseNameserverAddresses(
  items: readonly string[],
  settings: HostingSettings,
): NameserverAddress[] {
  if (items.length === 0) return [];
  const inZone = zoneNameservers(settings).filter((name) => isInZone(name, settings.hostedZone));
  const found = items.map((item) => {
    const cut = item.indexOf("=");
    const name = item.slice(0, Math.max(0, cut)).trim().toLowerCase().replace(/\.$/, "");
    const address = item.slice(cut + 1).trim();
    const nameserver = cut === -1 && inZone.length === 1 ? inZone[0] : name;
    if (isIP(address) === 0 || nameserver === undefined || !inZone.includes(nameserver)) {
      throw new Error(
        `NAMESERVER_ADDRESSES: "${item}" is not name=address of a nameserver inside the hosted zone`,
      );
    }
    return { nameserver, address };
  });
  const without = inZone.filter((name) => !found.some(({ nameserver }) => nameserver === name));
  if (without.length > 0) throw new Error(`NAMESERVER_ADDRESSES: ${without.join(", ")} has no address`);
  return found;
}
