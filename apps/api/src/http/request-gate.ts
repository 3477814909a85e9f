import { AppError, type ContextSource, type SecretBox } from "@waxseal/core";
import type { Person } from "@waxseal/core/accounts";
import { type Auth, type Authenticated, authenticate, authenticatePerson } from "@waxseal/core/sign-in";
import type { FastifyRequest } from "fastify";
import { ROUTES_WITH_ETAG, refuseUnknownEtags } from "./preconditions.ts";
import { readNamedAccount } from "./read-named-account.ts";
import { rememberRequest } from "./repeat-answers.ts";
import { webHeaders } from "./web-headers.ts";

/**
 * Says who sends a request and in which account it acts.
 *
 * Where a user has several accounts, a request that changes something must name one; so must one whose answer is kept as a file, by
 * `account: "named"`. Other reads fall back to the account where the session starts: nothing is lost when it is not the one meant.
 * Requests about the person, not an account, need no name: `account: "any"`.
 * @throws AppError `unauthenticated`, `account_required`, `forbidden`, `not_found` – no such account; `invalid` – two are named
 */
export type Gate = (request: FastifyRequest, options?: GateOptions) => Promise<Authenticated>;

/** See {@link Gate}. */
export type GateOptions = { forSetup?: boolean; account?: "named" | "any" };

/** Says which person sends a request, apart from any account. @throws AppError `unauthenticated`, `conflict`, `forbidden` */
export type PersonGate = (request: FastifyRequest) => Promise<Person>;

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * A gate that also refuses forged requests: one that changes something and comes with a session cookie must say that a
 * page of ours sent it, by `Sec-Fetch-Site` or by `Origin`.
 */
export function createGate(
  source: ContextSource,
  auth: Auth,
  allowedOrigins: readonly string[],
  secretBox: SecretBox,
): Gate {
  return async (request, { account, ...options } = {}) => {
    const isChange = !SAFE_METHODS.includes(request.method);
    const authenticated = await authenticate(source, auth, webHeaders(request), {
      ...options,
      named: readNamedAccount(request),
      mustName: account === "named" || (isChange && account !== "any"),
    });
    if (authenticated.by === "session") refuseForged(request, allowedOrigins);
    if (!ROUTES_WITH_ETAG.has(request.routeOptions.url ?? "")) refuseUnknownEtags(request);
    await rememberRequest(request, authenticated.ctx, secretBox);
    return authenticated;
  };
}

/** A gate for what people do about themselves; it refuses forged requests too. */
export function createPersonGate(
  source: ContextSource,
  auth: Auth,
  allowedOrigins: readonly string[],
  secretBox: SecretBox,
): PersonGate {
  return async (request) => {
    const person = await authenticatePerson(source, auth, webHeaders(request));
    refuseForged(request, allowedOrigins);
    refuseUnknownEtags(request);
    const { id, name } = person;
    const actor = { kind: "user", id, name } as const;
    await rememberRequest(request, { accountId: id, actor, db: source.db }, secretBox);
    return person;
  };
}

function refuseForged(request: FastifyRequest, allowedOrigins: readonly string[]): void {
  if (SAFE_METHODS.includes(request.method)) return;
  const { origin, "sec-fetch-site": site } = request.headers;
  const isOurs = site === "same-origin" || (origin !== undefined && allowedOrigins.includes(origin));
  if (!isOurs)
    throw new AppError("forbidden", "This request did not come from a page of this site.", {
      reason: "foreign_page",
    });
}

/**
 * The origins a browser may have our pages from. For a site on this machine `localhost` and `127.0.0.1` are one.
 */
export function listOwnOrigins(publicUrl: string): string[] {
  const own = new URL(publicUrl);
  const twin = new URL(publicUrl);
  if (own.hostname === "localhost") twin.hostname = "127.0.0.1";
  else if (own.hostname === "127.0.0.1") twin.hostname = "localhost";
  return [...new Set([own.origin, twin.origin])];
}
