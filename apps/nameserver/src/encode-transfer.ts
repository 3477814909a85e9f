import type { DnsRecordSet } from "@waxseal/core/zone";
import { type AnswerRecords, type SoaRecord, soaRecord } from "./answer-question.ts";
import type { Zone } from "./create-zone.ts";
import type { ZoneDifference } from "./create-zone-journal.ts";
import { FLAG, HEADER_BYTES, RCODE } from "./dns-numbers.ts";
import { encodeHeader, encodeSet, type Query } from "./encode-answer.ts";

/** Leaves room for a signature; smaller would only mean more messages. */
const MAX_MESSAGE_BYTES = 48_000;
/** To the zone's name in the question. */
const POINTER_TO_ZONE = Buffer.from([0xc0, HEADER_BYTES]);

/** The whole zone, as messages that are made while they are read. RFC 5936 §2.2 */
export function encodeFullTransfer(query: Query, zone: Zone, serial: number): Iterable<Buffer> {
  const soa = soaRecord(zone, serial);
  return encodeMessages(query, zone.hostedZone, wrap([soa], zone.contents()));
}

/** What changed since `clientSerial`, as one difference. RFC 1995 §4, §5 */
export function encodeDifference(
  query: Query,
  zone: Zone,
  {
    clientSerial,
    serial,
    changes,
  }: { clientSerial: number; serial: number; changes: readonly ZoneDifference[] },
): Iterable<Buffer> {
  const soa = soaRecord(zone, serial);
  function* difference(): Iterable<readonly AnswerRecords[]> {
    yield [soaRecord(zone, clientSerial)];
    for (const { before, after } of changes) yield changedSets(zone.tokenSets(before), zone.tokenSets(after));
    yield [soa];
    for (const { before, after } of changes) yield changedSets(zone.tokenSets(after), zone.tokenSets(before));
  }
  return encodeMessages(query, zone.hostedZone, wrap([soa], difference()));
}

/** "You have the newest", or over UDP "ask over TCP". RFC 1995 §2 */
export function encodeOnlySoa(query: Query, zone: Zone, serial: number): Iterable<Buffer> {
  return encodeMessages(query, zone.hostedZone, [[soaRecord(zone, serial)]]);
}

/** The sets of the first that the second has not, or not with the same values: a policy's id changes, its addresses do not. */
function changedSets(sets: readonly DnsRecordSet[], others: readonly DnsRecordSet[]): DnsRecordSet[] {
  const texts = new Set(others.map((set) => JSON.stringify(set)));
  return sets.filter((set) => !texts.has(JSON.stringify(set)));
}

function* wrap(soa: readonly SoaRecord[], inner: Iterable<readonly AnswerRecords[]>) {
  yield soa;
  yield* inner;
  yield soa;
}

function* encodeMessages(
  query: Query,
  hostedZone: string,
  groups: Iterable<readonly AnswerRecords[]>,
): Iterable<Buffer> {
  let records: Buffer[] = [];
  let bytes = 0;
  let count = 0;
  const message = () => {
    const header = encodeHeader(query, RCODE.noError, FLAG.authoritative, [1, count, 0, 0]);
    const whole = Buffer.concat([header, query.question.wire, ...records]);
    [records, bytes, count] = [[], 0, 0];
    return whole;
  };
  for (const group of groups) {
    for (const set of group) {
      const owner = encodeOwner(set.name, hostedZone);
      for (const record of encodeSet(set)) {
        if (bytes + owner.length + record.length > MAX_MESSAGE_BYTES) yield message();
        records.push(owner, record);
        bytes += owner.length + record.length;
        count += 1;
      }
    }
  }
  yield message();
}

function encodeOwner(name: string, hostedZone: string): Buffer {
  if (name === hostedZone) return POINTER_TO_ZONE;
  const labels = name.slice(0, -(hostedZone.length + 1)).split(".");
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, "latin1")]),
    POINTER_TO_ZONE,
  ]);
}
