import { isIP } from "node:net";

/** A server that may transfer the zone and is notified of changes. */
export type Secondary = { address: string; port: number };

/**
 * Reads `address[:port]`, an IPv6 address with a port in brackets; the port (53) is where NOTIFY goes.
 * @throws Error – one of them is not that
 */
export function parseSecondaries(items: readonly string[]): Secondary[] {
  return items.map((item) => {
    const [, bracketed, plain, port = "53"] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(item) ?? [];
    const address = isIP(item) > 0 ? item : (bracketed ?? plain ?? "");
    const known = { address: address.toLowerCase(), port: isIP(item) > 0 ? 53 : Number(port) };
    if (isIP(address) === 0 || known.port < 1 || known.port > 65_535) {
      throw new Error(`DNS_SECONDARIES: "${item}" is not address[:port]`);
    }
    return known;
  });
}

/** An address as a dual-stack socket shows it is the IPv4 address in it. RFC 4291 §2.5.5.2 */
export function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
}
