import type { QueryClient } from "@tanstack/react-query";
import { type Query, send } from "./client.ts";

/** What says for which account something is read or changed: every account has a query client of its own. */
export type Scope = { client: QueryClient };

const accounts = new WeakMap<QueryClient, string>();

/** Makes everything that is read and changed through this client about one account. */
export function bindToAccount(client: QueryClient, accountId: string): void {
  accounts.set(client, accountId);
}

/** The account a client belongs to; none while no account is chosen. */
export function findAccountId({ client }: Scope): string | undefined {
  return accounts.get(client);
}

/** Requests that name the account, so that another tab or a later visit to another account cannot change where they go. */
export function inAccount(scope: Scope) {
  const headers = { "x-waxseal-account": getAccountId(scope) };
  return {
    get: <T>(path: string, query?: Query) => send<T>("GET", `/api/v1${path}`, { query, headers }),
    list: <T extends Page>(path: string, query?: Query) =>
      readPages((cursor) => send<T>("GET", `/api/v1${path}`, { query: { ...query, cursor }, headers })),
    post: <T>(path: string, body?: unknown) => send<T>("POST", `/api/v1${path}`, { body, headers }),
    put: <T>(path: string, body: unknown) => send<T>("PUT", `/api/v1${path}`, { body, headers }),
    patch: <T>(path: string, body: unknown) => send<T>("PATCH", `/api/v1${path}`, { body, headers }),
    delete: (path: string) => send<void>("DELETE", `/api/v1${path}`, { headers }),
  };
}

type Page = { items: unknown[]; nextCursor: string | null };

/** The first page of a list, with the items of all. */
async function readPages<T extends Page>(getPage: (cursor?: string) => Promise<T>): Promise<T> {
  const first = await getPage();
  const items = [...first.items];
  for (let next = first.nextCursor; next !== null; ) {
    const page = await getPage(next);
    items.push(...page.items);
    next = page.nextCursor;
  }
  return { ...first, items };
}

/** An address of the API that names the account, for what the browser asks for without headers: downloads, pictures, event streams. */
export function accountUrl(scope: Scope, path: string): string {
  return `/api/v1${path}${path.includes("?") ? "&" : "?"}account=${encodeURIComponent(getAccountId(scope))}`;
}

function getAccountId(scope: Scope): string {
  const accountId = findAccountId(scope);
  if (accountId === undefined) throw new Error("This page belongs to no account.");
  return accountId;
}
