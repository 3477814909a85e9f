/** What a sender that enforces would not accept of an MX host. RFC 8461 §4.2 */
export type MxFault =
  | "no-starttls"
  | "certificate-expired"
  | "certificate-host-mismatch"
  | "certificate-not-trusted"
  | "tls-too-old";

/**
 * One MX host of a domain as it was just seen, all its addresses together. `bad`: some address has the `fault`; `unknown`: it could
 * not be tested, which is neither good nor bad, with why in `detail`.
 */
export type SeenMxHost = {
  mxHost: string;
  state: "good" | "bad" | "unknown";
  fault: MxFault | null;
  detail: string | null;
  certificateNotAfter: Date | null;
  /** Whether signed TLSA records match the certificate; `none` without them. RFC 7672 §3.1 */
  dane: "none" | "match" | "mismatch" | "unknown";
  addressesGood: number;
  addressesAll: number;
};
