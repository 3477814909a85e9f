import { queryOptions } from "@tanstack/react-query";
import { ApiError, send } from "./client.ts";

/** Accounts that are asked at most. */
const MAX_ACCOUNTS = 20;

/** Pages about one thing, and where the API has it. */
const THINGS: Record<string, string> = {
  domains: "/domains",
  reports: "/tls-reports",
  alerts: "/incidents",
  "policy-changes": "/policy-changes",
};

/** The path of the API for the thing a page is about, without what comes before its section; undefined for a list. */
export function findThing(page: string): string | undefined {
  const [, section = "", id] = /^\/([a-z-]+)\/([0-9a-f-]{36})(?:\/|$)/.exec(page) ?? [];
  return Object.hasOwn(THINGS, section) ? `${THINGS[section]}/${id}` : undefined;
}

/** Which of these accounts has the thing; null: none. */
export const elsewhereQuery = (thing: string | undefined, accountIds: readonly string[]) =>
  queryOptions({
    queryKey: ["elsewhere", thing, accountIds],
    enabled: thing !== undefined && accountIds.length > 0,
    retry: false,
    queryFn: async () => {
      for (const id of accountIds.slice(0, MAX_ACCOUNTS)) {
        if (await isIn(id, thing ?? "")) return id;
      }
      return null;
    },
  });

async function isIn(accountId: string, thing: string): Promise<boolean> {
  try {
    await send("GET", `/api/v1${thing}`, { headers: { "x-waxseal-account": accountId } });
    return true;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return false;
    throw error;
  }
}
