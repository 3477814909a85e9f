import type { AppErrorCode } from "@waxseal/contract";

/** One refused field of an input. */
export type FieldProblem = { path: string; problem: string };

/**
 * A refusal. `message` is safe to show to whoever asked; details for us go into `cause`.
 */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly fields: readonly FieldProblem[];

  constructor(
    code: AppErrorCode,
    message: string,
    options: { cause?: unknown; fields?: readonly FieldProblem[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.fields = options.fields ?? [];
  }
}
