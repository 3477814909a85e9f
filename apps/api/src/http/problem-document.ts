import { type AppErrorCode, type ProblemView, usualReason } from "@waxseal/contract";
import { AppError } from "@waxseal/core";
import { isDatabaseAway } from "@waxseal/db";
import type { FastifyError } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { z } from "zod";

/** The body of an error answer. */
export type Problem = z.infer<typeof ProblemView>;

/** The HTTP status of every refusal. */
const HTTP_STATUS = {
  invalid: 422,
  unauthenticated: 401,
  account_required: 400,
  no_account: 403,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  confirm_needed: 409,
  unsafe: 409,
  limit_reached: 429,
  unavailable: 503,
  reports_unavailable: 503,
} satisfies Record<AppErrorCode, number>;

const TITLES = {
  invalid: "The input is not valid",
  unauthenticated: "Not signed in",
  account_required: "Name an account",
  no_account: "No account",
  forbidden: "Not allowed",
  not_found: "Not found",
  conflict: "Not possible now",
  precondition_failed: "Changed in the meantime",
  confirm_needed: "Is this the one you mean?",
  unsafe: "Mail could be held back",
  limit_reached: "Too much",
  unavailable: "Not available now",
  reports_unavailable: "Reports are not available now",
} satisfies Record<AppErrorCode, string>;

/**
 * The problem document for anything a handler threw. `isBug` for anything unexpected: nothing of the error is shown then.
 * `isOnlyReports`: a database that is away is that of the reports.
 *
 * RFC 9457 §3
 */
export function toProblem(error: unknown, isOnlyReports = false): { problem: Problem; isBug: boolean } {
  if (error instanceof AppError) {
    const errors = error.fields.map(({ path, problem }) => ({ path, problem }));
    const { reason, collidesWith, lacking } = error;
    return known(error.code, error.message, {
      reason,
      ...(collidesWith && { collidesWith }),
      ...(lacking && { ...lacking, needs: [...lacking.needs] }),
      ...(errors.length > 0 && { errors }),
      ...(error.questions.length > 0 && { questions: [...error.questions] }),
      ...(error.unsafe && { reasons: [...error.unsafe.reasons], assessmentId: error.unsafe.assessmentId }),
    });
  }
  if (isDatabaseAway(error) && isOnlyReports)
    return known(
      "reports_unavailable",
      "The reports cannot be reached at the moment. Policies, DNS and domains are not affected, and reports that arrive meanwhile are sent again. Try again in a moment.",
    );
  if (isDatabaseAway(error))
    return known("unavailable", "The database does not answer. Try again in a moment.", {
      reason: "database_away",
    });
  if (isFastifyError(error) && hasZodFastifySchemaValidationErrors(error)) return invalidInput(error);
  if (isFastifyError(error)) return refusedByServer(error);
  return { problem: faultOfOurs(), isBug: true };
}

function faultOfOurs(): Problem {
  const detail = "Something went wrong on our side. The request id helps us find it.";
  return document("unavailable", detail, { status: 500, reason: "internal_error" });
}

/** A problem document for a code of ours. */
export function document(code: AppErrorCode, detail: string, more: Partial<Problem> = {}): Problem {
  const reason = usualReason(code);
  return {
    type: "about:blank",
    title: TITLES[code],
    status: HTTP_STATUS[code],
    detail,
    code,
    reason,
    ...more,
  };
}

function known(code: AppErrorCode, detail: string, more: Partial<Problem> = {}) {
  return { problem: document(code, detail, more), isBug: false };
}

function invalidInput(
  error: FastifyError & { validation: { instancePath: string; message?: string | undefined }[] },
) {
  // A path that cannot be an id is the path of nothing.
  if (error.validationContext === "params") return known("not_found", "There is no such object.");
  const errors = error.validation.slice(0, 50).map(({ instancePath, message }) => ({
    path: instancePath.replace(/^\//, "").replaceAll("/", "."),
    problem: message ?? "It is not valid.",
  }));
  const detail = errors.map(({ path, problem }) => (path ? `${path}: ${problem}` : problem)).join("; ");
  return known("invalid", detail.slice(0, 1_000), { errors });
}

function refusedByServer(error: FastifyError) {
  const status = error.statusCode ?? 500;
  if (status === 413)
    return known("limit_reached", "The request is too large.", { status, reason: "too_large" });
  if (status === 429) return known("limit_reached", error.message);
  if (status === 404) return known("not_found", "There is no such page.", { reason: "no_such_page" });
  if (status >= 400 && status < 500)
    return known("invalid", REFUSALS[error.code] ?? "The request is not valid.", {
      status,
      reason: "malformed_request",
    });
  return { problem: faultOfOurs(), isBug: true };
}

/** The server's codes in words; its own sentences name headers and parser positions. */
const REFUSALS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "This content type is not accepted.",
  FST_ERR_CTP_INVALID_JSON_BODY: "The body is not valid JSON.",
  FST_ERR_CTP_EMPTY_JSON_BODY: "The body is empty, but the content type says JSON.",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "The length of the body is not the announced one.",
  FST_ERR_BAD_URL: "The address is not valid.",
};

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && "statusCode" in error;
}
