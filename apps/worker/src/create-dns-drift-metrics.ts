import { Gauge, type Registry } from "prom-client";

/** What the comparisons of DNS with the desired state found last, as this worker saw it. */
export type DnsDriftMetrics = {
  record(found: { authority: string; drifted: number; silent: number }): void;
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
  return {
    record: (found) => {
      const { authority } = found;
      drifted.set({ authority }, found.drifted);
      silent.set({ authority }, found.silent);
      comparedAt.setToCurrentTime({ authority });
    },
  };
}
