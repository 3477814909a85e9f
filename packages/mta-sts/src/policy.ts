/** What a sender does when an MX host fails the policy. RFC 8461 §5 */
export type PolicyMode = "enforce" | "testing" | "none";

/**
 * An MTA-STS policy: lower-case A-label `mx` patterns in the order written, `maxAgeSeconds` a whole number.
 *
 * RFC 8461 §3.2
 */
export type Policy = {
  readonly mode: PolicyMode;
  readonly mx: readonly string[];
  readonly maxAgeSeconds: number;
};

/** The three modes, strictest first. RFC 8461 §3.2 */
export const POLICY_MODES = ["enforce", "testing", "none"] as const satisfies readonly PolicyMode[];

/** The largest `max_age` a policy may carry, in seconds: a leap year and a bit. RFC 8461 §3.2 */
export const MAX_AGE_LIMIT_SECONDS = 31_557_600;

/** The most bytes of policy body that senders read. RFC 8461 §3.3 */
export const MAX_POLICY_BYTES = 65_536;

/** Whether this text is one of the three modes, spelled exactly. RFC 8461 §3.2 */
export function isPolicyMode(text: string): text is PolicyMode {
  return POLICY_MODES.some((mode) => mode === text);
}
