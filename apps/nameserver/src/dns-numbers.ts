/** Response codes. RFC 1035 §4.1.1, RFC 6891 §9 */
export const RCODE = {
  noError: 0,
  formErr: 1,
  servFail: 2,
  nxDomain: 3,
  notImp: 4,
  refused: 5,
  notAuth: 9,
  badVers: 16,
} as const;

export type Rcode = (typeof RCODE)[keyof typeof RCODE];

/** Record types this server knows something about. RFC 1035 §3.2.2 and later */
export const TYPE = {
  A: 1,
  NS: 2,
  SOA: 6,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  OPT: 41,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
} as const;

export const CLASS_IN = 1;

export const HEADER_BYTES = 12;

/** Header bits. RFC 1035 §4.1.1 */
export const FLAG = {
  response: 0x8000,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
} as const;

/** Types that are about the transaction or mean many types. RFC 6895 §3.1 */
export function isMetaType(type: number): boolean {
  return type === TYPE.OPT || (type >= 128 && type <= 255);
}

/** The SOA's MINIMUM: how long a "no such name" may be cached. A new domain should not wait for it. RFC 2308 §4 */
export const NEGATIVE_TTL_SECONDS = 30;
