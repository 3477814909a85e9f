import { AppError, type ContextSource } from "@waxseal/core";
import type { Auth } from "@waxseal/core/sign-in";
import { type Authenticated, authenticate } from "@waxseal/core/sign-in";
import type { FastifyRequest } from "fastify";
import { webHeaders } from "./web-headers.ts";

/** Says who sends a request. @throws AppError `unauthenticated`, `forbidden` */
export type Gate = (request: FastifyRequest, options?: { forSetup?: boolean }) => Promise<Authenticated>;

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * A gate that also refuses forged requests: one that changes something and comes with a session cookie must say that a
 * page of ours sent it, by `Sec-Fetch-Site` or by `Origin`.
 */
export function createGate(source: ContextSource, auth: Auth, allowedOrigins: readonly string[]): Gate {
  return async (request, options) => {
    const authenticated = await authenticate(source, auth, webHeaders(request), options);
    if (authenticated.by === "session" && !SAFE_METHODS.includes(request.method)) {
      const { origin, "sec-fetch-site": site } = request.headers;
      const isOurs = site === "same-origin" || (origin !== undefined && allowedOrigins.includes(origin));
      if (!isOurs) throw new AppError("forbidden", "This request did not come from a page of this site.");
    }
    return authenticated;
  };
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
