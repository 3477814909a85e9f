import { isIPv4, isIPv6 } from "node:net";
import type { Answer } from "dns-packet";

/** Record types a customer of the sandbox may publish. */
export const CUSTOMER_RECORD_TYPES = ["A", "AAAA", "MX", "TXT", "CNAME", "NS", "CAA"] as const;
export type CustomerRecordType = (typeof CUSTOMER_RECORD_TYPES)[number];

/**
 * One record as a DNS panel shows it: `value` is the text an owner would type.
 *
 * `10 mx1.bakery.example` for MX, the bare text for TXT, `0 issue "ca.example"`
 * for CAA, an address or a name for the others. `name` is absolute, lower-case,
 * without a trailing dot.
 */
export type CustomerRecord = { name: string; type: CustomerRecordType; value: string; ttlSeconds: number };

const HOST_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
const MAX_TXT_BYTES = 4_000;
const TXT_STRING_BYTES = 255;

/** Lower-case and without the trailing dot; undefined when it is no name DNS could hold. */
export function normalizeName(name: string): string | undefined {
  const normal = name.trim().toLowerCase().replace(/\.$/, "");
  return HOST_NAME.test(normal) ? normal : undefined;
}

/**
 * The record as dns-packet wants it, or what is wrong with its value.
 *
 * TXT longer than 255 bytes is cut into several strings of one record (RFC 1035 §3.3.14).
 */
export function encodeRecord(
  record: CustomerRecord,
): { ok: true; answer: Answer } | { ok: false; problem: string } {
  const { name, type, value, ttlSeconds: ttl } = record;
  const bad = (problem: string) => ({ ok: false as const, problem: `${type} at ${name}: ${problem}` });
  const good = (answer: Answer) => ({ ok: true as const, answer });
  switch (type) {
    case "A":
      return isIPv4(value) ? good({ type, name, ttl, data: value }) : bad("not an IPv4 address");
    case "AAAA":
      return isIPv6(value) ? good({ type, name, ttl, data: value }) : bad("not an IPv6 address");
    case "CNAME":
    case "NS": {
      const target = normalizeName(value);
      return target ? good({ type, name, ttl, data: target }) : bad("not a host name");
    }
    case "MX": {
      const [, preference, host] = /^(\d{1,5})\s+(\S+)$/.exec(value.trim()) ?? [];
      // RFC 7505 §3: "0 ." says that the domain takes no mail.
      const exchange = host === "." ? "." : normalizeName(host ?? "");
      if (!preference || !exchange || Number(preference) > 65_535)
        return bad("not like “10 mx1.example.com”");
      return good({ type, name, ttl, data: { preference: Number(preference), exchange } });
    }
    case "TXT": {
      const bytes = Buffer.from(value);
      if (bytes.length > MAX_TXT_BYTES) return bad(`longer than ${MAX_TXT_BYTES} bytes`);
      const strings: Buffer[] = [];
      for (let at = 0; at === 0 || at < bytes.length; at += TXT_STRING_BYTES) {
        strings.push(bytes.subarray(at, at + TXT_STRING_BYTES));
      }
      return good({ type, name, ttl, data: strings });
    }
    case "CAA": {
      const [, flags, tag, property] =
        /^(\d{1,3})\s+(issue|issuewild|iodef)\s+"?([^"]{0,255})"?$/.exec(value.trim()) ?? [];
      if (!flags || !isCaaTag(tag) || property === undefined) return bad('not like “0 issue "ca.example"”');
      return good({ type, name, ttl, data: { flags: Number(flags) & 0xff, tag, value: property } });
    }
  }
}

function isCaaTag(tag: string | undefined): tag is "issue" | "issuewild" | "iodef" {
  return tag === "issue" || tag === "issuewild" || tag === "iodef";
}
