import { AppError } from "@waxseal/core";
import type { FastifyRequest } from "fastify";

/** The header that names the account a request is for. */
export const ACCOUNT_HEADER = "x-waxseal-account";

/** The same in the address, for what a browser asks for without headers: downloads, pictures, server-sent events. */
export const ACCOUNT_FIELD = "account";

/**
 * The account a request names by header or query; null when it names none, empty when no account can have that id. Whether the caller may
 * work in it is not checked here.
 * @throws AppError `invalid` – it names two accounts
 */
export function readNamedAccount({ headers, url }: Pick<FastifyRequest, "headers" | "url">): string | null {
  const [, query = ""] = url.split("?", 2);
  const named = new Set(new URLSearchParams(query).getAll(ACCOUNT_FIELD));
  const header = headers[ACCOUNT_HEADER];
  if (header !== undefined) named.add(String(header));
  if (named.size > 1) throw new AppError("invalid", "The request names two accounts. Name one.");
  const [accountId = null] = named;
  return accountId === null || /^[\w-]{1,100}$/.test(accountId) ? accountId : "";
}
