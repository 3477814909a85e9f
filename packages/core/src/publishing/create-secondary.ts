import { isIPv6 } from "node:net";
import { createResolver, type DnsAnswer } from "@waxseal/probes";
import type { DnsRecordSet } from "../zone/dns-record-set.ts";

/** How the answer of a server compares with the right one; `silent`: it says nothing useful. */
export type AnswerState = "same" | "different" | "silent";

/** A server that gets the zone from ours and answers the world. */
export type Secondary = {
  /** As it was configured. */
  readonly name: string;
  /** Asks for everything a name may have and compares; order and TTLs mean nothing. Never throws. RFC 2181 §5 */
  compare(name: string, expected: readonly DnsRecordSet[]): Promise<AnswerState>;
};

type Asked = { type: DnsRecordSet["type"]; values: readonly string[] | undefined };

/**
 * A secondary as `DNS_SECONDARIES` names it: `address[:port]`, IPv6 with a port in brackets.
 * @throws RangeError – it is not that
 */
export function createSecondary(name: string, timeoutMs = 1_000): Secondary {
  const server = isIPv6(name) ? `[${name}]` : name;
  const resolver = createResolver({ servers: [server], timeoutMs, maxConcurrent: 16 });

  function askFor(type: DnsRecordSet["type"], at: string): Promise<Asked> {
    const read = <T>(answer: DnsAnswer<T>, format: (value: T) => string): Asked => ({
      type,
      values: readValues(answer, format),
    });
    if (type === "TXT")
      return resolver.resolveTxt(at).then((answer) => read(answer, (text) => text.join("")));
    if (type === "CAA") {
      return resolver
        .resolveCaa(at)
        .then((answer) => read(answer, ({ isCritical, tag, value }) => formatCaa(isCritical, tag, value)));
    }
    return resolver.resolveAddresses(at).then((answer) => read(answer, ({ address }) => plainIp(address)));
  }

  return {
    name,
    compare: async (at, expected) => {
      const types = expected.some(({ type }) => type === "TXT")
        ? (["TXT"] as const)
        : (["A", "CAA"] as const);
      const asked = await Promise.all(
        (expected.length === 0 ? (["TXT", "A", "CAA"] as const) : types).map((type) => askFor(type, at)),
      );
      if (asked.some(({ values }) => values === undefined)) return "silent";
      const isSame = asked.every(({ type, values }) =>
        isEqual(values ?? [], expected.filter((set) => groupOf(set) === type).flatMap(formatValues)),
      );
      return isSame ? "same" : "different";
    },
  };
}

/** Addresses of both families are asked for together. */
function groupOf({ type }: DnsRecordSet): DnsRecordSet["type"] {
  return type === "AAAA" ? "A" : type;
}

function formatValues(set: DnsRecordSet): string[] {
  switch (set.type) {
    case "CAA":
      return set.values.map(({ flags, tag, value }) => formatCaa((flags & 0x80) !== 0, tag, value));
    case "MX":
      return set.values.map(({ preference, mxHost }) => `${preference} ${mxHost}`);
    case "A":
    case "AAAA":
      return set.values.map(plainIp);
    default:
      return [...set.values];
  }
}

function formatCaa(isCritical: boolean, tag: string, value: string): string {
  return `${isCritical ? 1 : 0} ${tag} ${value}`;
}

/** IPv6 addresses have many forms; URLs use one. RFC 5952 §4 */
function plainIp(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname : address;
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());
}

/** Undefined: that server gave no answer to go by. */
function readValues<T>(answer: DnsAnswer<T>, format: (value: T) => string): string[] | undefined {
  if ("found" in answer) return answer.found.map(format);
  return answer.missing === "no-domain" || answer.missing === "no-record" ? [] : undefined;
}
