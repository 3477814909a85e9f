/** One CAA property. RFC 8659 §4.1 */
export type CaaValue = { flags: number; tag: "issue" | "issuewild"; value: string };

/** One mail exchanger. RFC 5321 §5.1 */
export type MxValue = { preference: number; mxHost: string };

/**
 * All records of one name and type. Names are lower-case without a trailing dot.
 * TXT values are whole texts, not yet cut into strings of 255 bytes.
 */
export type DnsRecordSet = { name: string; ttlSeconds: number } & (
  | { type: "A" | "AAAA" | "NS" | "TXT"; values: readonly string[] }
  | { type: "CAA"; values: readonly CaaValue[] }
  | { type: "MX"; values: readonly MxValue[] }
);
