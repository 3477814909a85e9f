import type {
  AppErrorCode,
  COLLISION_KINDS,
  ConflictWithoutObject,
  DomainQuestionView,
  ProblemReason,
  ReasonOf,
  UnsafeReasonView,
} from "@waxseal/contract";
import { usualReason } from "@waxseal/contract/problem-reasons";
import type { z } from "zod";

/** One refused field of an input. */
export type FieldProblem = { path: string; problem: string };

/** What a refusal with code `unsafe` says besides: why, and the look that it rests on. */
export type UnsafeDetails = { assessmentId: string; reasons: readonly z.infer<typeof UnsafeReasonView>[] };

/** One reason for a refusal with code `confirm_needed`. */
export type DomainQuestion = z.infer<typeof DomainQuestionView>;

/** The object of this account that a request collides with. */
export type Collision = { kind: (typeof COLLISION_KINDS)[number]; id: string };

/** The permission that is missing, the roles or scopes that have it, and the one that asked. */
export type Lacking = { permission: string; needs: readonly string[]; has: string };

/** A conflict with an object of the account names it. */
type Conflict = Options<"conflict"> &
  (
    | { reason: ConflictWithoutObject }
    | { reason: Exclude<ReasonOf<"conflict">, ConflictWithoutObject>; collidesWith: Collision }
  );

type Options<Code extends AppErrorCode> = {
  cause?: unknown;
  /** Default: the usual reason of the code. */
  reason?: ReasonOf<Code>;
  collidesWith?: Collision;
  lacking?: Lacking;
  fields?: readonly FieldProblem[];
  unsafe?: UnsafeDetails;
  questions?: readonly DomainQuestion[];
};

/** Codes that say too little alone: each refusal with one names its reason. */
type Vague = "conflict" | "forbidden" | "limit_reached" | "unavailable" | "precondition_failed";

/**
 * A refusal. `message` is safe to show to the caller; details for us go into `cause`.
 */
export class AppError<Code extends AppErrorCode = AppErrorCode> extends Error {
  readonly code: AppErrorCode;
  readonly reason: ProblemReason;
  readonly collidesWith: Collision | undefined;
  readonly lacking: Lacking | undefined;
  readonly fields: readonly FieldProblem[];
  readonly unsafe: UnsafeDetails | undefined;
  readonly questions: readonly DomainQuestion[];

  constructor(
    code: Code,
    message: string,
    ...[options = {}]: [Code] extends ["conflict"]
      ? [Conflict]
      : [Code] extends [Vague]
        ? [Options<Code> & { reason: ReasonOf<Code> }]
        : [options?: Options<Code>]
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.reason = options.reason ?? usualReason(code);
    this.collidesWith = options.collidesWith;
    this.lacking = options.lacking;
    this.fields = options.fields ?? [];
    this.unsafe = options.unsafe;
    this.questions = options.questions ?? [];
  }
}
