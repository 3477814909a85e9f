import type { AddressGuard } from "./create-address-guard.ts";
import { createResolver, type Resolver } from "./create-resolver.ts";
import { parseDnsServers } from "./parse-dns-servers.ts";

/**
 * Who else can be asked about a domain, best first: our other resolvers, then the name servers of its zone. Empty when there are none.
 * Never rejects.
 */
export type OtherResolvers = (domain: string) => Promise<Pick<Resolver, "resolveMx" | "resolveAddresses">[]>;

type Options = {
  /** As `createResolver` takes them; the first of them is not asked. */
  readonly servers: readonly string[];
  /** Asked for the name servers of a zone. */
  readonly resolver: Pick<Resolver, "resolveNs" | "resolveAddresses">;
  /** Shown each address of a name server. */
  readonly guard: AddressGuard;
  /** Where name servers listen; 53 unless given. */
  readonly port?: number;
};

const MAX_NAMESERVERS = 3;
const DNS_PORT = 53;

/**
 * A second opinion about what a resolver answers, so that a wrong entry in one cache is not believed.
 *
 * @throws RangeError – one of `servers` is not a `host:port`
 *
 * RFC 1034 §4.3.1
 */
export function createOtherResolvers({ servers, resolver, guard, port = DNS_PORT }: Options): OtherResolvers {
  const others = parseDnsServers(servers)
    .slice(1)
    .map(({ host, port }) => formatServer(host, port));
  const second = others.length > 0 ? [createResolver({ servers: others })] : [];
  return async (domain) => {
    const addresses = await findZoneServers(resolver, guard, domain);
    if (addresses.length === 0) return second;
    const zoneServers = addresses.map((address) => formatServer(address, port));
    return [...second, createResolver({ servers: zoneServers, isAuthoritative: true })];
  };
}

async function findZoneServers(
  resolver: Options["resolver"],
  guard: AddressGuard,
  domain: string,
): Promise<string[]> {
  const labels = domain.split(".");
  for (let start = 0; labels.length - start >= 2; start++) {
    const answer = await resolver.resolveNs(labels.slice(start).join("."));
    if (!("found" in answer) || answer.cnames.length > 0) continue;
    const found = await Promise.all(
      answer.found.slice(0, MAX_NAMESERVERS).map((host) => resolver.resolveAddresses(host)),
    );
    return found
      .flatMap((host) => ("found" in host ? host.found.slice(0, 1) : []))
      .map(({ address }) => address)
      .filter((address) => guard.findRefusal(address) === undefined);
  }
  return [];
}

function formatServer(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
