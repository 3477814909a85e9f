import { type Answer, encode } from "dns-packet";
import type { AnswerRecords, DnsAnswer } from "./answer-question.ts";
import { FLAG, HEADER_BYTES, NEGATIVE_TTL_SECONDS, type Rcode, TYPE } from "./dns-numbers.ts";
import type { Edns, ReadQuery } from "./read-query.ts";

export type Query = Extract<ReadQuery, { state: "query" }>;

/** Fits every path without fragments. */
const MAX_UDP_BYTES = 1_232;
const MAX_UDP_BYTES_WITHOUT_EDNS = 512;
const MAX_TCP_BYTES = 65_535;

const SOA_TIMES = { refresh: 3_600, retry: 300, expire: 1_209_600, minimum: NEGATIVE_TTL_SECONDS };
const MAX_TXT_STRING_BYTES = 255;
const POINTER = 0xc000;
const TYPE_AND_CLASS_BYTES = 4;
/** A name takes a byte for the length of its first label and one for the root; dots take the place of the other lengths. */
const LENGTH_AND_ROOT_BYTES = 2;

/**
 * The bytes of an answer to this query. Over UDP it is at most what the client can take; what does not fit is left
 * out whole, with the truncation bit, so that the client asks again over TCP.
 *
 * RFC 1035 §4.1, RFC 2181 §9, RFC 6891 §6.2
 */
export function encodeAnswer(query: Query, answer: DnsAnswer, transport: "udp" | "tcp"): Buffer {
  const answers = encodeRecords(query, answer.answers);
  const authorities = encodeRecords(query, answer.authorities);
  const opt = query.edns ? [encodeOpt(query.edns, answer.rcode)] : [];
  const authoritative = answer.authoritative ? FLAG.authoritative : 0;
  const whole = Buffer.concat([
    encodeHeader(query, answer.rcode, authoritative, [1, answers.length, authorities.length, opt.length]),
    query.question.wire,
    ...answers,
    ...authorities,
    ...opt,
  ]);
  return whole.length <= responseLimit(query, transport) ? whole : encodeTruncated(query, answer);
}

/** The question with the truncation bit: "ask over TCP". RFC 2181 §9 */
export function encodeTruncated(query: Query, answer: DnsAnswer): Buffer {
  const opt = query.edns ? [encodeOpt(query.edns, answer.rcode)] : [];
  const flags = FLAG.truncated | (answer.authoritative ? FLAG.authoritative : 0);
  const header = encodeHeader(query, answer.rcode, flags, [1, 0, 0, opt.length]);
  return Buffer.concat([header, query.question.wire, ...opt]);
}

/** A bare header, for a message whose question cannot be repeated. */
export function encodeRefusal({ id, flags, rcode }: { id: number; flags: number; rcode: Rcode }): Buffer {
  return encodeHeader({ id, flags }, rcode, 0, [0, 0, 0, 0]);
}

/** How long an answer may be. */
export function responseLimit(query: Query, transport: "udp" | "tcp"): number {
  if (transport === "tcp") return MAX_TCP_BYTES;
  if (!query.edns) return MAX_UDP_BYTES_WITHOUT_EDNS;
  return Math.min(Math.max(query.edns.udpPayloadBytes, MAX_UDP_BYTES_WITHOUT_EDNS), MAX_UDP_BYTES);
}

export function encodeHeader(
  query: { id: number; flags: number },
  rcode: Rcode,
  moreFlags: number,
  counts: readonly [number, number, number, number],
): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const kept = query.flags & (FLAG.recursionDesired | 0x7800);
  header.writeUInt16BE(query.id, 0);
  header.writeUInt16BE(FLAG.response | kept | moreFlags | (rcode & 0xf), 2);
  counts.forEach((count, index) => {
    header.writeUInt16BE(count, 4 + index * 2);
  });
  return header;
}

/** Server's size, upper bits of the code, version 0, and the client's DO bit. RFC 6891 §6.1.3 */
function encodeOpt(edns: Edns, rcode: Rcode): Buffer {
  const opt = Buffer.alloc(11);
  opt.writeUInt16BE(TYPE.OPT, 1);
  opt.writeUInt16BE(MAX_UDP_BYTES, 3);
  opt[5] = rcode >> 4;
  opt[7] = edns.dnssecOk ? 0x80 : 0;
  return opt;
}

function encodeRecords(query: Query, sets: readonly AnswerRecords[]): Buffer[] {
  return sets.flatMap((set) => {
    const owner = Buffer.alloc(2);
    owner.writeUInt16BE(POINTER | ownerOffset(query, set.name));
    return encodeSet(set).map((record) => Buffer.concat([owner, record]));
  });
}

/** The records of a set, each without its owner. */
export function encodeSet(set: AnswerRecords): Buffer[] {
  return asPackets(set).map(encodeWithoutOwner);
}

/** Type, class, TTL and data of a record: a packet with one answer, owned by the root, less header and owner. */
function encodeWithoutOwner(record: Answer): Buffer {
  return encode({ answers: [record] }).subarray(HEADER_BYTES + 1);
}

/**
 * Owners are the question's name or the zone above it: both are in the question, in the case it was asked in.
 * Counted from its end, as the labels in front may be of bytes that are longer as text.
 */
function ownerOffset(query: Query, name: string): number {
  const questionEnd = HEADER_BYTES + query.question.wire.length - TYPE_AND_CLASS_BYTES;
  return questionEnd - (name.length + LENGTH_AND_ROOT_BYTES);
}

/** Each record of a set, owned by the root. */
function asPackets(set: AnswerRecords): Answer[] {
  const own = { name: ".", ttl: set.ttlSeconds };
  switch (set.type) {
    case "A":
    case "AAAA":
    case "NS": {
      const { type } = set;
      return set.values.map((data) => ({ ...own, type, data }));
    }
    case "TXT":
      return set.values.map((text) => ({ ...own, type: "TXT", data: cutIntoStrings(text) }));
    case "CAA":
      return set.values.map((data) => ({ ...own, type: "CAA", data }));
    case "MX":
      return set.values.map(({ preference, mxHost }) => ({
        ...own,
        type: "MX",
        data: { preference, exchange: mxHost },
      }));
    case "SOA": {
      const { primary, serial } = set;
      const data = { mname: primary, rname: `hostmaster.${set.name}`, serial, ...SOA_TIMES };
      return [{ ...own, type: "SOA", data }];
    }
    case "HINFO":
      return [{ ...own, type: "HINFO", data: { cpu: "RFC8482", os: "" } }];
  }
}

function cutIntoStrings(text: string): Buffer[] {
  const bytes = Buffer.from(text, "latin1");
  const strings: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += MAX_TXT_STRING_BYTES) {
    strings.push(bytes.subarray(start, start + MAX_TXT_STRING_BYTES));
  }
  return strings;
}
