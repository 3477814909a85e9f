import type { RecordKind } from "../setup-names.ts";
import type { DnsRecordSet } from "../zone/dns-record-set.ts";

/** The complete answer of one of a token's three names; an empty list removes the name. */
export type DnsChange = { token: string; kind: RecordKind; records: readonly DnsRecordSet[] };

/** A record set as an authority holds it: name without trailing dot, values in zone-file form. */
export type PublishedSet = { name: string; type: string; ttlSeconds: number; values: readonly string[] };

/** Brings the desired DNS answers (`tokenRecords`) to the authority of the hosted zone. */
export type Publisher = {
  /**
   * Resolves once every server that answers for the zone answers with this change and no other can.
   * Call it after the state the records are made from is committed. Safe to repeat.
   * @throws AppError `unavailable` – not (yet) done: try again later
   */
  publish(change: DnsChange): Promise<void>;
  /** Everything the authority holds for the zone, ordered by name; absent where it reads our database itself. */
  list?(): AsyncIterable<PublishedSet>;
};
