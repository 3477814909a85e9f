import type { AppErrorCode, DomainQuestionView, UnsafeReasonView } from "@waxseal/contract";
import type { z } from "zod";

/** One refused field of an input. */
export type FieldProblem = { path: string; problem: string };

/** What a refusal with code `unsafe` says besides: why, and the look that it rests on. */
export type UnsafeDetails = { assessmentId: string; reasons: readonly z.infer<typeof UnsafeReasonView>[] };

/** One reason for a refusal with code `confirm_needed`. */
export type DomainQuestion = z.infer<typeof DomainQuestionView>;

/**
 * A refusal. `message` is safe to show to the caller; details for us go into `cause`.
 */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly fields: readonly FieldProblem[];
  readonly unsafe: UnsafeDetails | undefined;
  readonly questions: readonly DomainQuestion[];

  constructor(
    code: AppErrorCode,
    message: string,
    options: {
      cause?: unknown;
      fields?: readonly FieldProblem[];
      unsafe?: UnsafeDetails;
      questions?: readonly DomainQuestion[];
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.fields = options.fields ?? [];
    this.unsafe = options.unsafe;
    this.questions = options.questions ?? [];
  }
}
