import type { DnsRecordSet } from "@waxseal/core/zone";
import type { Zone } from "./create-zone.ts";
import { CLASS_IN, isMetaType, NEGATIVE_TTL_SECONDS, RCODE, type Rcode, TYPE } from "./dns-numbers.ts";
import type { Question } from "./read-query.ts";
import { isInZone, zoneNameservers } from "./static-records.ts";

export type SoaRecord = { name: string; type: "SOA"; ttlSeconds: number; primary: string; serial: number };
export type HinfoRecord = { name: string; type: "HINFO"; ttlSeconds: number };
export type AnswerRecords = DnsRecordSet | SoaRecord | HinfoRecord;

/** The answer to a question. */
export type DnsAnswer = {
  rcode: Rcode;
  authoritative: boolean;
  answers: readonly AnswerRecords[];
  authorities: readonly AnswerRecords[];
};

const SOA_TTL_SECONDS = 300;
const HINFO_TTL_SECONDS = 3_600;

/**
 * The answer of the zone to one question.
 *
 * Outside the zone, other classes and zone transfers: REFUSED. ANY gets one small HINFO. Until the zone is loaded:
 * SERVFAIL, since a name that is merely unknown yet must not be denied.
 *
 * A denial carries the SOA with the smaller of its TTL and its MINIMUM, as the TTL is how long resolvers cache it.
 *
 * RFC 1034 §4.3.2, RFC 2308 §2, §3, RFC 8482 §4.2
 */
export function answerQuestion(question: Question, zone: Zone): DnsAnswer {
  const { name, type } = question;
  if (question.class !== CLASS_IN || !isInZone(name, zone.hostedZone)) return without(RCODE.refused);
  if (isMetaType(type) && type !== TYPE.ANY) return without(RCODE.refused);
  const serial = zone.serial();
  if (serial === undefined) return without(RCODE.servFail);
  const soa = soaRecord(zone, serial);
  const denial = { ...soa, ttlSeconds: Math.min(soa.ttlSeconds, NEGATIVE_TTL_SECONDS) };
  const found = zone.find(name);
  if (!found) return { rcode: RCODE.nxDomain, authoritative: true, answers: [], authorities: [denial] };
  const answers = selectRecords(name, type, found, soa);
  const authorities = answers.length > 0 ? [] : [denial];
  return { rcode: RCODE.noError, authoritative: true, answers, authorities };
}

function selectRecords(
  name: string,
  type: number,
  found: readonly DnsRecordSet[],
  soa: SoaRecord,
): readonly AnswerRecords[] {
  if (type === TYPE.ANY) return [{ name, type: "HINFO", ttlSeconds: HINFO_TTL_SECONDS }];
  if (type === TYPE.SOA) return name === soa.name ? [soa] : [];
  return found.filter((records) => TYPE[records.type] === type);
}

/** The zone's SOA. */
export function soaRecord(zone: Zone, serial: number): SoaRecord {
  const [primary = zone.hostedZone] = zoneNameservers(zone.settings);
  return { name: zone.hostedZone, type: "SOA", ttlSeconds: SOA_TTL_SECONDS, primary, serial };
}

function without(rcode: Rcode): DnsAnswer {
  return { rcode, authoritative: false, answers: [], authorities: [] };
}
