import { getServers } from "node:dns";
import { isIP } from "node:net";

/** Where a DNS server listens, for UDP and TCP alike. */
export type DnsServer = { readonly host: string; readonly port: number };

const DNS_PORT = 53;

/**
 * Reads `host`, `host:port`, `[v6]:port` or a bare IPv6 address each; with an empty list, those the system uses.
 *
 * @throws RangeError – a text that is none of these
 */
export function parseDnsServers(texts: readonly string[]): DnsServer[] {
  const servers = (texts.length > 0 ? texts : getServers()).map(parseDnsServer);
  return servers.length > 0 ? servers : [{ host: "127.0.0.1", port: DNS_PORT }];
}

function parseDnsServer(text: string): DnsServer {
  if (isIP(text) !== 0) return { host: text, port: DNS_PORT };
  const [, v6, name, digits] = /^(?:\[([^\]]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = v6 ?? name;
  const port = digits === undefined ? DNS_PORT : Number(digits);
  if (host === undefined || (v6 !== undefined && isIP(v6) !== 6) || port < 1 || port > 65_535) {
    throw new RangeError(`Not a DNS server: "${text}"`);
  }
  return { host, port };
}
