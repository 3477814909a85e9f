import type { Schemas } from "./operation-types.ts";

/** The problem document of a refusal. RFC 9457 §3 */
export type Problem = Schemas["Problem"];

type Cause = {
  status?: number;
  problem?: Problem | undefined;
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
};

/** A refused or failed request; `message` is safe to show to a person. */
export class WaxsealError extends Error {
  override readonly name = "WaxsealError";
  /** Status of the answer; 0 without one. */
  readonly status: number;
  /** What was refused, from a closed list; undefined where the answer is not one of the API. */
  readonly code: Problem["code"] | undefined;
  /** Why, more exactly than the code. */
  readonly reason: Problem["reason"];
  /** The whole problem document: `errors` of fields, `reasons`, `collidesWith`, `questions`, `requestId`. */
  readonly problem: Problem | undefined;
  /** How long to wait before the next try, with 429 and 503. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, { status = 0, problem, retryAfterSeconds, cause }: Cause = {}) {
    super(message, { cause });
    this.status = status;
    this.problem = problem;
    this.code = problem?.code;
    this.reason = problem?.reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
