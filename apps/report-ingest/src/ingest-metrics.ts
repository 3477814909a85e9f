import { Counter, collectDefaultMetrics, Registry } from "prom-client";

/** What the report ingest counts. */
export type IngestMetrics = ReturnType<typeof createIngestMetrics>;

/** The metrics of one process, in a registry of its own. */
export function createIngestMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  return {
    registry,
    accepted: counter("waxseal_reports_accepted_total", "Messages kept, by transport.", ["transport"]),
    refused: counter("waxseal_reports_refused_total", "What was not kept, by transport and answer.", [
      "transport",
      "answer",
    ]),
    understood: counter("waxseal_reports_understood_total", "Messages read, by what became of them.", [
      "state",
      "reason",
    ]),
    failed: counter(
      "waxseal_reports_failed_total",
      "Tries to read a message that failed; each is repeated.",
      [],
    ),
  };
}
