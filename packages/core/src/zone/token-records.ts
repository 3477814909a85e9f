import { isIPv6 } from "node:net";
import { formatStsRecord } from "@waxseal/mta-sts";
import { formatTlsRptRecord } from "@waxseal/tls-rpt";
import type { HostingSettings } from "../hosting-settings.ts";
import { type RecordKind, reportAddresses, targetName } from "../setup-names.ts";
import type { CaaValue, DnsRecordSet } from "./dns-record-set.ts";

/** What the answers of a token's names depend on; a token that left has none. */
export type TokenAnswers = {
  token: string;
  /** The id in the TXT record; undefined: no TXT record is published. */
  publishedPolicyId: string | undefined;
};

/** A policy host that moves must be found again soon. */
const ADDRESS_TTL_SECONDS = 300;
/** How long a sender may use the old id. RFC 8461 §8.1 */
const STS_TTL_SECONDS = 60;
/** It hardly ever changes, and a long one is advised. RFC 8460 §3 */
const TLSRPT_TTL_SECONDS = 3600;

/**
 * The record sets one of a token's three names answers with; empty when there is nothing to publish.
 *
 * policyHost: A, AAAA and the CAA set `caa` (`caaValues`: the same for all tokens). stsRecord: TXT with the
 * published id. tlsRptRecord: TXT with the report addresses.
 *
 * RFC 8461 §3.1, RFC 8460 §3, RFC 8659 §4.2
 */
export function tokenRecords(
  kind: RecordKind,
  { token, publishedPolicyId }: TokenAnswers,
  settings: HostingSettings,
  caa: readonly CaaValue[],
): DnsRecordSet[] {
  const name = targetName(kind, token, settings.hostedZone);
  switch (kind) {
    case "policyHost":
      return [...addressRecords(name, settings.policyAddresses), ...caaRecords(name, caa)];
    case "stsRecord":
      if (publishedPolicyId === undefined) return [];
      return [
        { name, type: "TXT", ttlSeconds: STS_TTL_SECONDS, values: [formatStsRecord(publishedPolicyId)] },
      ];
    case "tlsRptRecord":
      return [
        {
          name,
          type: "TXT",
          ttlSeconds: TLSRPT_TTL_SECONDS,
          values: [formatTlsRptRecord(reportAddresses(token, settings))],
        },
      ];
  }
}

/** The A and AAAA sets of a name; a family without addresses has no set. */
export function addressRecords(name: string, addresses: readonly string[]): DnsRecordSet[] {
  const ipv6 = addresses.filter((address) => isIPv6(address));
  const ipv4 = addresses.filter((address) => !isIPv6(address));
  const ttlSeconds = ADDRESS_TTL_SECONDS;
  return [
    ...(ipv4.length > 0 ? [{ name, type: "A" as const, ttlSeconds, values: ipv4 }] : []),
    ...(ipv6.length > 0 ? [{ name, type: "AAAA" as const, ttlSeconds, values: ipv6 }] : []),
  ];
}

function caaRecords(name: string, values: readonly CaaValue[]): DnsRecordSet[] {
  return values.length > 0 ? [{ name, type: "CAA", ttlSeconds: ADDRESS_TTL_SECONDS, values }] : [];
}
