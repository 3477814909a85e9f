import { Gauge, type Registry } from "prom-client";

/** What the comparisons of DNS with the desired state found last, as this worker saw it. */
export type DnsDriftMetrics = {
  record(found: { authority: string; drifted: number; silent: number }): void;
  /** Names that are wrong or silent, by authority, and for how many seconds there have been any. */
  list(): { authority: string; names: number; seconds: number }[];
};

/** Adds the metrics of those comparisons to a registry. An authority is the hosted zone at Route 53, or one secondary. */
export function createDnsDriftMetrics(registry: Registry): DnsDriftMetrics {
  const options = { labelNames: ["authority"], registers: [registry] };
  const drifted = new Gauge({
    ...options,
    name: "waxseal_dns_drifted_names",
    help: "Names that were answered otherwise than they should be, by authority; alert when it stays above 0",
  });
  const silent = new Gauge({
    ...options,
    name: "waxseal_dns_silent_names",
    help: "Names that got no useful answer, by authority; alert when it stays above 0",
  });
  const comparedAt = new Gauge({
    ...options,
    name: "waxseal_dns_compared_timestamp_seconds",
    help: "When that was found, by authority",
  });
  const seen = new Map<string, { names: number; sinceMs: number }>();
  return {
    list: () =>
      [...seen].map(([authority, { names, sinceMs }]) => ({
        ...{ authority, names },
        seconds: (performance.now() - sinceMs) / 1_000,
      })),
    record: (found) => {
      const { authority } = found;
      const names = found.drifted + found.silent;
      const before = seen.get(authority);
      const isSame = before !== undefined && before.names > 0 === names > 0;
      seen.set(authority, { names, sinceMs: isSame ? before.sinceMs : performance.now() });
      drifted.set({ authority }, found.drifted);
      silent.set({ authority }, found.silent);
      comparedAt.setToCurrentTime({ authority });
    },
  };
}
