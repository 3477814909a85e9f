import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** The metrics of one nameserver, in a registry of its own. */
export function createDnsMetrics(read: {
  tokens(): number;
  serial(): number | undefined;
  stateAgeSeconds(): number;
}) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: "waxseal_dns_tokens",
    help: "Tokens whose names are answered.",
    registers,
    collect() {
      this.set(read.tokens());
    },
  });
  new Gauge({
    name: "waxseal_dns_serial",
    help: "Serial of the zone; 0: not loaded.",
    registers,
    collect() {
      this.set(read.serial() ?? 0);
    },
  });
  new Gauge({
    name: "waxseal_state_age_seconds",
    help: "How long STATE_DIR has been without the zone as it is; 0 when it holds it.",
    registers,
    collect() {
      this.set(read.stateAgeSeconds());
    },
  });
  return {
    registry,
    answers: new Counter({
      name: "waxseal_dns_answers_total",
      help: "Answers by transport and response code.",
      labelNames: ["transport", "rcode"],
      registers,
    }),
    limited: new Counter({
      name: "waxseal_dns_limited_total",
      help: "UDP questions that were sent to TCP or dropped by the response-rate limit.",
      labelNames: ["allowance"],
      registers,
    }),
    transfers: new Counter({
      name: "waxseal_dns_transfers_total",
      help: "Zone transfers started: axfr, ixfr, or soa when there was nothing to send.",
      labelNames: ["kind"],
      registers,
    }),
    notifies: new Counter({
      name: "waxseal_dns_notifies_total",
      help: "Changes of the zone announced to secondaries: acknowledged, or unanswered for a minute.",
      labelNames: ["outcome"],
      registers,
    }),
  };
}
