import { z } from "zod";
import { UnsafeReasonView } from "./interlock-shapes.ts";
import { COLLISION_KINDS, PROBLEM_REASON_NAMES } from "./problem-reasons.ts";

/**
 * Every refusal Waxseal gives, by code. A code is part of the API: add, never rename.
 *
 * - `invalid`: the input breaks a rule; `errors` names each field
 * - `unauthenticated`: no valid session or API key
 * - `account_required`: several accounts are possible, and the request does not name one (header X-Waxseal-Account)
 * - `no_account`: signed in, but you belong to no account, or no longer to the one named; `GET /me/person` says why
 * - `forbidden`: signed in, but this role or key may not do it
 * - `not_found`: no such object in this account (or it belongs to another one)
 * - `conflict`: the object's state does not allow it now
 * - `precondition_failed`: the request's If-Match or If-None-Match does not hold (RFC 9110 §13)
 * - `confirm_needed`: this is probably a mistake; `questions` say why; the same request without `ask` does it all the same
 * - `unsafe`: the policy could hold mail back; `reasons` say why, and which of them may be acknowledged
 * - `limit_reached`: too many, too fast or too large
 * - `unavailable`: something we depend on is down; try again later
 * - `reports_unavailable`: only the database of the reports is down; everything else goes on
 */
export const APP_ERROR_CODES = [
  "invalid",
  "unauthenticated",
  "account_required",
  "no_account",
  "forbidden",
  "not_found",
  "conflict",
  "precondition_failed",
  "confirm_needed",
  "unsafe",
  "limit_reached",
  "unavailable",
  "reports_unavailable",
] as const;

/** One of {@link APP_ERROR_CODES}. */
export type AppErrorCode = (typeof APP_ERROR_CODES)[number];

/** One refused field: `path` as in the request body, `problem` in words for the person who typed it. */
export const FieldError = z.object({ path: z.string(), problem: z.string() });

/**
 * Why a domain is probably not the one that was meant: it does not exist, it receives no mail, it looks like a host of a domain, or it is one
 * typing mistake away from a domain of the account.
 */
export const DOMAIN_QUESTION_CODES = ["no-such-domain", "no-mail", "host-name", "like-another"] as const;

/** One reason to ask before a domain is added, in words for the person who typed it. */
export const DomainQuestionView = z
  .object({ code: z.enum(DOMAIN_QUESTION_CODES).describe("The list may grow"), text: z.string() })
  .meta({ id: "DomainQuestion" });

/** The body of every error answer. RFC 9457 §3 */
export const ProblemView = z
  .object({
    type: z.string().describe("Always about:blank; the code says more"),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(APP_ERROR_CODES),
    reason: z
      .enum(PROBLEM_REASON_NAMES)
      .optional()
      .describe("Why, more exactly than the code. The list may grow"),
    collidesWith: z
      .object({ kind: z.enum(COLLISION_KINDS), id: z.string() })
      .optional()
      .describe("The object of yours that the request collides with"),
    permission: z.string().optional().describe("With 403: the permission that is missing"),
    needs: z.array(z.string()).optional().describe("With 403: the roles, or scopes of a key, that have it"),
    has: z.string().optional().describe("With 403: your role, or your key's scope"),
    errors: z.array(FieldError).optional(),
    reasons: z.array(UnsafeReasonView).optional(),
    assessmentId: z.string().optional(),
    questions: z.array(DomainQuestionView).optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: "Problem" });
