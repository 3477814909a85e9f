import { HEADER_BYTES, RCODE, type Rcode, TYPE } from "./dns-numbers.ts";

/** The one question of a query. */
export type Question = {
  /** Lower case, without trailing dot; bytes that no host name has are `\ddd`. The root is "". */
  name: string;
  /** Name, type and class exactly as asked: the answer repeats them, case included. */
  wire: Buffer;
  type: number;
  class: number;
};

export type Edns = { udpPayloadBytes: number; version: number; dnssecOk: boolean };

/** What a query may have besides the question. */
type Extras = {
  edns: Edns | undefined;
  /** The serial of the zone that who asks for an IXFR has. RFC 1995 §3 */
  clientSerial: number | undefined;
  /** Where the TSIG record starts, the last of the message. RFC 8945 §5.1 */
  tsigAt: number | undefined;
};

/** What a message turned out to be. `refused` gets a bare header back; `ignored` gets nothing. */
export type ReadQuery =
  | ({ state: "query"; id: number; flags: number; question: Question } & Extras)
  | { state: "refused"; id: number; flags: number; rcode: Rcode }
  | { state: "ignored" };

const MAX_NAME_BYTES = 255;
/** OPT, TSIG, and the SOA of an IXFR. */
const MAX_RECORDS = 8;
const OPCODE_MASK = 0x7800;

/**
 * Reads a query. Nothing is decompressed and nothing is kept: work and memory are bounded by the message. Never throws.
 *
 * A response is ignored, or two servers could talk for ever.
 *
 * RFC 1035 §4.1, RFC 6891 §6.1.1
 */
export function readQuery(message: Buffer): ReadQuery {
  if (message.length < HEADER_BYTES) return { state: "ignored" };
  const id = message.readUInt16BE(0);
  const flags = message.readUInt16BE(2);
  if (flags & 0x8000) return { state: "ignored" };
  const refused = (rcode: Rcode): ReadQuery => ({ state: "refused", id, flags, rcode });
  if (flags & OPCODE_MASK) return refused(RCODE.notImp);
  const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((at) => message.readUInt16BE(at));
  if (questions !== 1) return refused(RCODE.formErr);
  const question = readQuestion(message);
  if (!question) return refused(RCODE.formErr);
  const records = (answers ?? 0) + (authorities ?? 0) + (additionals ?? 0);
  const rest = readRecords(message, HEADER_BYTES + question.wire.length, records);
  if (!rest) return refused(RCODE.formErr);
  return { state: "query", id, flags, question, ...rest };
}

function readQuestion(message: Buffer): Question | undefined {
  const labels: string[] = [];
  let offset = HEADER_BYTES;
  for (;;) {
    const length = message[offset];
    // Above 63 it would be a pointer, and there is nothing before the question to point to.
    if (length === undefined || length > 63) return undefined;
    offset += 1 + length;
    if (length === 0) break;
    if (offset - HEADER_BYTES >= MAX_NAME_BYTES || offset > message.length) return undefined;
    labels.push(readLabel(message.subarray(offset - length, offset)));
  }
  if (offset + 4 > message.length) return undefined;
  return {
    name: labels.join("."),
    wire: message.subarray(HEADER_BYTES, offset + 4),
    type: message.readUInt16BE(offset),
    class: message.readUInt16BE(offset + 2),
  };
}

function readLabel(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, (character) => `\\${String(character.charCodeAt(0)).padStart(3, "0")}`);
}

/** Walks over all records; undefined when they are not exactly what the header announced. */
function readRecords(message: Buffer, start: number, count: number): Extras | undefined {
  if (count > MAX_RECORDS) return undefined;
  const extras: Extras = { edns: undefined, clientSerial: undefined, tsigAt: undefined };
  let offset = start;
  for (let read = 0; read < count; read += 1) {
    const nameEnd = skipName(message, offset);
    if (nameEnd === undefined || nameEnd + 10 > message.length) return undefined;
    const type = message.readUInt16BE(nameEnd);
    if (type === TYPE.OPT) {
      if (extras.edns || nameEnd !== offset + 1) return undefined;
      extras.edns = {
        udpPayloadBytes: message.readUInt16BE(nameEnd + 2),
        version: message[nameEnd + 5] ?? 0,
        dnssecOk: ((message[nameEnd + 6] ?? 0) & 0x80) !== 0,
      };
    }
    if (type === TYPE.TSIG) {
      if (read < count - 1) return undefined;
      extras.tsigAt = offset;
    }
    offset = nameEnd + 10 + message.readUInt16BE(nameEnd + 8);
    if (offset > message.length) return undefined;
    // Two names, which may be as short as pointers or the root, and five numbers.
    if (type === TYPE.SOA && offset >= nameEnd + 10 + 22)
      extras.clientSerial = message.readUInt32BE(offset - 20);
  }
  return offset === message.length ? extras : undefined;
}

function skipName(message: Buffer, start: number): number | undefined {
  let offset = start;
  while (offset - start < MAX_NAME_BYTES) {
    const length = message[offset];
    if (length === undefined) return undefined;
    if (length === 0) return offset + 1;
    if ((length & 0xc0) === 0xc0) return offset + 2;
    if (length > 63) return undefined;
    offset += 1 + length;
  }
  return undefined;
}
