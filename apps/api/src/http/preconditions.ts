import { createHash } from "node:crypto";
import { AppError, type Collision } from "@waxseal/core";
import type { FastifyReply, FastifyRequest } from "fastify";

type Asked = Pick<FastifyRequest, "headers">;

/** Addresses whose GET answers with an ETag. */
export const ROUTES_WITH_ETAG: ReadonlySet<string> = new Set([
  "/api/v1/domains/:id",
  "/api/v1/domains/:id/policy",
]);

/** Longest If-Match or If-None-Match that is read. */
export const MAX_TAG_HEADER = 4_000;

/** A list of entity tags, or `*`. RFC 9110 §8.8.3, §13.1.1 */
const TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/;
const LIST = new RegExp(`^[ \\t]*(?:,[ \\t]*)*${TAG.source}(?:[ \\t]*,(?:[ \\t]*${TAG.source})?)*[ \\t]*$`);
const TAGS = new RegExp(TAG.source, "g");

/** The strong ETag of an answer: it changes with every byte of it. RFC 9110 §8.8.1 */
export function etagOf(view: unknown): string {
  return `"${createHash("sha256").update(JSON.stringify(view)).digest("base64url").slice(0, 22)}"`;
}

/**
 * Sends an object with its ETag; 304 without it when the caller names that ETag in If-None-Match. RFC 9110 §13.1.2
 * @throws AppError `precondition_failed` – If-Match names others; `invalid` – a header is no list of ETags
 */
export function sendWithEtag<View>(
  request: FastifyRequest,
  reply: FastifyReply,
  view: View,
  of: Collision,
): FastifyReply {
  const etag = etagOf(view);
  reply.header("etag", etag);
  requireMatch(request, etag, of);
  const known = readTags(request, "if-none-match");
  // A weak comparison. RFC 9110 §8.8.3.2
  const isKnown = known === "*" || known?.some((tag) => tag.replace(/^W\//, "") === etag);
  return isKnown ? reply.code(304).send(null) : reply.send(view);
}

/**
 * Lets a change go on unless If-Match or If-None-Match forbids it. `etag`: that of the object as it is.
 * @throws AppError `precondition_failed`, `invalid`
 *
 * RFC 9110 §13.1.1, §13.1.2
 */
export function requireUnchanged(request: Asked, etag: string, of: Collision): void {
  requireMatch(request, etag, of);
  const unwanted = readTags(request, "if-none-match");
  const isUnwanted = unwanted === "*" || unwanted?.some((tag) => tag.replace(/^W\//, "") === etag);
  if (isUnwanted) throw mismatch("If-None-Match does not hold: it is there already.", of);
}

/** Whether a request depends on how the object is. */
export function hasPrecondition({ headers }: Asked): boolean {
  return headers["if-match"] !== undefined || headers["if-none-match"] !== undefined;
}

/**
 * For addresses without ETags: no ETag can match there, so that a change that depends on one must not happen.
 * @throws AppError `precondition_failed`, `invalid`
 */
export function refuseUnknownEtags(request: Asked): void {
  const wanted = readTags(request, "if-match");
  if (wanted === undefined || wanted === "*") return;
  throw new AppError("precondition_failed", "This address has no ETag. Send the request without If-Match.", {
    reason: "no_etag",
  });
}

/** A strong comparison: a weak ETag never matches. RFC 9110 §8.8.3.2 */
function requireMatch(request: Asked, etag: string, of: Collision): void {
  const wanted = readTags(request, "if-match");
  if (wanted === undefined || wanted === "*" || wanted.includes(etag)) return;
  throw mismatch("It changed since you read it. Read it again, and see whether your change still fits.", of);
}

function mismatch(text: string, collidesWith: Collision): AppError {
  return new AppError("precondition_failed", text, { reason: "etag_mismatch", collidesWith });
}

function readTags({ headers }: Asked, name: "if-match" | "if-none-match"): "*" | string[] | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  if (value.trim() === "*") return "*";
  if (value.length <= MAX_TAG_HEADER && LIST.test(value)) return value.match(TAGS) ?? [];
  const path = name === "if-match" ? "If-Match" : "If-None-Match";
  const problem = 'must be * or a list of ETags in quotes, such as "abc"';
  throw new AppError("invalid", `${path} ${problem}.`, { fields: [{ path, problem }] });
}
