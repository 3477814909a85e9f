import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** How many leading bits of an address name its network, per address family. */
export type NetworkSizes = { ipv4: number; ipv6: number };

/** An address as {@link parseAddress} reads it: IPv4 (also when mapped into IPv6) or IPv6, without a zone. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The one network of everything that is not an address. */
export const UNKNOWN_NETWORK = "unknown";

/**
 * What a limit per client counts by: an IPv4 address, and an IPv6 /64, which is the smallest network that one
 * subscriber has and chooses addresses from freely (RFC 7421 §4.3.1).
 */
const CLIENT_SIZES: NetworkSizes = { ipv4: 32, ipv6: 64 };

/**
 * Reads the text of an address: any form that Node's `isIP` accepts (dotted IPv4, IPv6 in full or shortened, upper or lower
 * case, with leading zeros, with an IPv4 tail, with a zone). An IPv4-mapped IPv6 address is its IPv4 address. NAT64,
 * 6to4 and other IPv6 addresses that carry an IPv4 address stay IPv6. Returns `undefined` for all other text.
 *
 * RFC 4291 §2.2
 */
export function parseAddress(text: string): Address | undefined {
  // ipaddr.js alone also reads "8.8" and "0x8.8.8.8".
  if (isIP(text) === 0) return undefined;
  const zoneAt = text.indexOf("%");
  return ipaddr.process(spellOutTail(zoneAt < 0 ? text : text.slice(0, zoneAt)));
}

/** Writes the IPv4 tail of an IPv6 address as two groups: ipaddr.js takes "::192.0.2.1" for an IPv4-mapped address. */
function spellOutTail(text: string): string {
  const tailAt = text.lastIndexOf(":") + 1;
  if (tailAt === 0 || !text.includes(".", tailAt)) return text;
  const [a, b, c, d] = ipaddr.IPv4.parse(text.slice(tailAt)).octets;
  const group = (high = 0, low = 0) => (high * 256 + low).toString(16);
  return `${text.slice(0, tailAt)}${group(a, b)}:${group(c, d)}`;
}

/**
 * The network that an address belongs to, as the key of a limit: `192.0.2.1` or `2001:db8::/64`.
 *
 * All textual forms of an address have the same network. With other sizes the result is `192.0.2.0/24` or `2001:db8::/48`.
 * Text that is not an address, and no text, share {@link UNKNOWN_NETWORK}. Never throws.
 *
 * RFC 5952 §4
 */
export function networkOf(address: string | undefined, sizes: NetworkSizes = CLIENT_SIZES): string {
  const parsed = address === undefined ? undefined : parseAddress(address);
  if (!parsed) return UNKNOWN_NETWORK;
  const bytes = parsed.toByteArray();
  const bits = sizes[parsed.kind()];
  if (bits >= bytes.length * 8) return parsed.toString();
  const network = bytes.map(
    (byte, index) => byte & (0xff << Math.max(0, Math.min(8, 8 - (bits - index * 8)))),
  );
  return `${ipaddr.fromByteArray(network).toString()}/${bits}`;
}
