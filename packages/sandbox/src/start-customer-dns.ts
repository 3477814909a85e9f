import { answerCustomerQuery, type Upstream } from "./answer-customer-query.ts";
import { openZoneStore, type ZoneStore } from "./open-zone-store.ts";
import { startDnsListener } from "./start-dns-listener.ts";

/** The DNS of the sandbox, while it runs. */
export type CustomerDns = {
  /** UDP and TCP on 127.0.0.1. */
  port: number;
  /** `host:port`, as `DNS_RESOLVERS` takes it. */
  dnsServer: string;
  zones: ZoneStore;
  stop(): Promise<void>;
};

/**
 * Starts the one DNS server that all of the sandbox asks: it looks like a resolver.
 *
 * Customers' zones live in `dataDir`; names under an upstream's zone are asked
 * of that server, which may start later: until then they answer SERVFAIL.
 */
export async function startCustomerDns(options: {
  port: number;
  dataDir: string;
  upstreams?: readonly Upstream[];
  autoZones?: boolean;
}): Promise<CustomerDns> {
  const zones = await openZoneStore(options.dataDir);
  const deps = { zones, upstreams: options.upstreams ?? [], autoZones: options.autoZones ?? false };
  const listener = await startDnsListener({
    port: options.port,
    answer: (query) => answerCustomerQuery(deps, query),
  });
  return {
    port: listener.port,
    dnsServer: `127.0.0.1:${listener.port}`,
    zones,
    stop: listener.stop,
  };
}
