import type { RecordKind } from "../setup-names.ts";
import type { DnsRecordSet } from "./dns-record-set.ts";

/** What one of a token's three names is to answer: all of it; an empty list means nothing any more. */
export type DnsChange = { token: string; kind: RecordKind; records: readonly DnsRecordSet[] };

/** Brings the desired DNS answers (`tokenRecords`) to whoever answers for the hosted zone. */
export type Publisher = {
  /**
   * Resolves once every server that answers for the zone answers with this change and no other can.
   * Call it after the state the records are made from is committed. Safe to repeat.
   * @throws AppError `unavailable` – not (yet) done: try again later
   */
  publish(change: DnsChange): Promise<void>;
};
