import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Says which addresses must not be connected to. */
export type AddressGuard = {
  /** Why this address is refused, or `undefined` when it may be used. */
  findRefusal(address: string): string | undefined;
};

// A cloud's metadata and control address that lies among the public ones; the others are link-local or private.
const METADATA_ADDRESSES = new Set(["168.63.129.16"]);
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * A guard that lets through public unicast addresses only, or any address with `allowPrivate`.
 *
 * Refused: private, loopback, link-local, carrier-grade NAT, multicast, documentation and other special ranges, the metadata addresses of clouds, and
 * IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4, Teredo), since those reach whatever that address is.
 *
 * RFC 6890 §2.2
 */
export function createAddressGuard({ allowPrivate }: { allowPrivate: boolean }): AddressGuard {
  return { findRefusal: (address) => (allowPrivate ? undefined : findRefusal(address)) };
}

function findRefusal(address: string): string | undefined {
  if (isIP(address) === 0 || address.includes("%")) return `${address} is not an address`;
  if (METADATA_ADDRESSES.has(address)) return `${address} is a metadata address`;
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range !== "unicast") return `${address} is not a public address (${range})`;
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST_V6))
    return `${address} is not a public address`;
  return undefined;
}
