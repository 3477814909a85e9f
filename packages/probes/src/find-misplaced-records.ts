import { findStsRecord } from "@waxseal/mta-sts";
import { findTlsRptRecord } from "@waxseal/tls-rpt";
import { type CheckFinding, findingOf } from "./check-finding.ts";
import type { Resolver } from "./create-resolver.ts";
import type { DnsAnswer } from "./dns-answer.ts";

/** Names at which people publish the record by mistake, without the domain. */
const STS_NAMES = ["_mta_sts", "mta_sts", "_mtasts", "_mta-sts._tcp", "mta-sts"];
const TLS_RPT_NAMES = [
  "_tlsrpt",
  "_smtp-tlsrpt",
  "_smtp_tls",
  "_smtp-tls",
  "_tls._smtp",
  "smtp._tls",
  "_smtp._tls._tcp",
  "_tls",
];

type InTime = <T>(answer: Promise<DnsAnswer<T>>) => Promise<DnsAnswer<T>>;

/**
 * Where the records that are missing at their own names were published instead, and also at the bare domain and with the domain twice,
 * as a DNS form that adds the zone makes it. Looked for only when the right name has nothing; a wildcard that answers everywhere is no find.
 *
 * RFC 8461 §3.1, RFC 8460 §3
 */
export async function findMisplacedRecords(
  domain: string,
  missing: { sts: boolean; tlsRpt: boolean },
  resolver: Resolver,
  inTime: InTime,
): Promise<CheckFinding[]> {
  const look = async (
    labels: readonly string[],
    own: string,
    isRecord: (texts: readonly (readonly string[])[]) => boolean,
  ) => {
    const names = [...labels.map((label) => `${label}.${domain}`), `${own}.${domain}.${domain}`, domain];
    const found = await Promise.all(
      names.map(async (name) => {
        const answer = await inTime(resolver.resolveTxt(name));
        return "found" in answer && isRecord(answer.found) ? name : undefined;
      }),
    );
    return found.find((name) => name !== undefined);
  };
  const [sts, tlsRpt] = await Promise.all([
    missing.sts ? look(STS_NAMES, "_mta-sts", (texts) => findStsRecord(texts).ok) : undefined,
    missing.tlsRpt ? look(TLS_RPT_NAMES, "_smtp._tls", (texts) => findTlsRptRecord(texts).ok) : undefined,
  ]);
  const say = (name: string, own: string) => `The record is at ${name}, not at ${own}.${domain}.`;
  return [
    ...(sts ? [findingOf("record-misplaced", say(sts, "_mta-sts"))] : []),
    ...(tlsRpt ? [findingOf("tls-rpt-misplaced", say(tlsRpt, "_smtp._tls"))] : []),
  ];
}
