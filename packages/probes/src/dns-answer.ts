/**
 * Why a DNS question has no answer.
 *
 * `no-domain` (NXDOMAIN), `no-record` (the name exists, the type does not), `bad-name` (cannot be asked),
 * `too-many-cnames` (over eight, or a loop), `timeout` (no server answered), `server-failure` (SERVFAIL, refused, unreachable
 * or unreadable). Only the first two say something about the owner's DNS. RFC 8020 §2
 */
export type DnsMissing =
  | "no-domain"
  | "no-record"
  | "bad-name"
  | "too-many-cnames"
  | "timeout"
  | "server-failure";

/**
 * The records found, or why there are none; `cnames` are the CNAME targets passed on the way, in order.
 *
 * `isAuthenticated` is the resolver's word that DNSSEC was validated; it is worth what the path to that resolver is. `isAuthoritative`:
 * a name server of the zone answered, not a cache (RFC 1035 §4.1.1).
 */
export type DnsAnswer<T> =
  | {
      readonly found: readonly T[];
      readonly cnames: readonly string[];
      readonly isAuthenticated: boolean;
      readonly isAuthoritative?: boolean;
    }
  | {
      readonly missing: DnsMissing;
      readonly cnames: readonly string[];
      readonly detail: string;
      /** The zone answers, but its DNSSEC signatures do not validate: no CA issues, and validating senders see nothing. */
      readonly isBogus?: boolean;
    };

/** An address of a host. */
export type HostAddress = { readonly address: string; readonly family: 4 | 6 };

/** An MX record; a null MX has the `mxHost` "." (RFC 7505 §3). */
export type MxRecord = { readonly preference: number; readonly mxHost: string };

/** A CAA record; `tag` is in lower case. RFC 8659 §4.1 */
export type CaaRecord = { readonly isCritical: boolean; readonly tag: string; readonly value: string };

/** A TLSA record, its data in hexadecimal. RFC 6698 §2.1 */
export type TlsaRecord = {
  readonly usage: number;
  readonly selector: number;
  readonly matchingType: number;
  readonly data: string;
};
