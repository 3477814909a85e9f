import type { ReportQueue } from "@waxseal/core/reports";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** What the report ingest counts. */
export type IngestMetrics = ReturnType<typeof createIngestMetrics>;

/** The metrics of one process, in a registry of its own. */
export function createIngestMetrics(readQueue: () => Promise<ReportQueue>) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const queueGauge = (name: string, help: string, read: (queue: ReportQueue) => number | null) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.reset();
        const value = await readQueue().then(read, () => null);
        if (value !== null) this.set(value);
      },
    });
  queueGauge(
    "waxseal_report_oldest_unprocessed_seconds",
    "How long the oldest message that is kept and not read yet has waited.",
    (queue) => queue.oldestUnprocessedSeconds,
  );
  queueGauge("waxseal_reports_unprocessed", "Messages kept and not read yet.", (queue) => queue.unprocessed);
  queueGauge(
    "waxseal_report_last_accepted_seconds",
    "Time since the last message was kept.",
    (queue) => queue.secondsSinceLastReport,
  );
  queueGauge("waxseal_reports_quarantined", "Messages in quarantine.", (queue) => queue.quarantined);
  return {
    registry,
    declined: counter(
      "waxseal_reports_declined_total",
      "Reports not kept for want of room or budget, or as noise.",
      ["transport", "reason"],
    ),
    open: gauge(
      "waxseal_ingest_open",
      "1 while reports are taken, 0 while the database has room for everything else only.",
    ),
    databaseBytes: gauge("waxseal_ingest_database_bytes", "Size of the database."),
    volumeFreeBytes: gauge(
      "waxseal_ingest_volume_free_bytes",
      "Free on the volume of Postgres, where it can be seen.",
    ),
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
