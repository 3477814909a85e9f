/** One identifier's part of a problem. RFC 8555 §6.7.1 */
export type AcmeSubproblem = { readonly type: string; readonly detail: string };

type Facts = {
  status?: number;
  /** The last part of the problem's URN (`rateLimited`); "" when the CA named none. */
  type?: string;
  retryAfterMs?: number | undefined;
  subproblems?: readonly AcmeSubproblem[];
  cause?: unknown;
};

/** The type of errors about the binding to an external account: only the operator can correct its settings. RFC 8555 §7.3.4 */
export const EXTERNAL_ACCOUNT = "externalAccountRequired";

/**
 * What went wrong between us and a CA. `unreachable`: no usable answer came (network, time-out, 5xx without a problem);
 * `refused`: the CA answered with a problem document; `unusable`: its answer is not what RFC 8555 promises.
 * The message is the CA's or the network's own words, at most 500 characters.
 *
 * RFC 8555 §6.7
 */
export class AcmeError extends Error {
  readonly kind: "unreachable" | "refused" | "unusable";
  readonly status: number;
  readonly type: string;
  readonly retryAfterMs: number | undefined;
  readonly subproblems: readonly AcmeSubproblem[];

  constructor(kind: AcmeError["kind"], message: string, facts: Facts = {}) {
    super(message.slice(0, 500), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "AcmeError";
    this.kind = kind;
    this.status = facts.status ?? 0;
    this.type = facts.type ?? "";
    this.retryAfterMs = facts.retryAfterMs;
    this.subproblems = facts.subproblems ?? [];
  }
}
