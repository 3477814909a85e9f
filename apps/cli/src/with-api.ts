import { setTimeout as delay } from "node:timers/promises";
import { createClient, eachItem, type Schemas } from "@waxseal/client";
import { AppError } from "@waxseal/core/app-error";
import type { CustomerApi } from "./customer-api.ts";
import { findRemote, type Remote } from "./find-remote.ts";
import type { Terminal } from "./terminal.ts";

/** Options of every command that works in one account. */
export type AccountOption = { account?: string };

/** The option that names the account. */
export const ACCOUNT = ["--account <id or name>", "the account; needed when there are several"] as const;

/** Does the work in the named account, or in the only one there is: through the API that is named, else on the database. */
export async function withApi<T>(
  terminal: Terminal,
  options: AccountOption,
  work: (api: CustomerApi) => Promise<T>,
): Promise<T> {
  const remote = await findRemote(terminal);
  if (remote) return work(await openRemoteApi(terminal, remote, options.account));
  // The database and its verbs are loaded only where they are used.
  const [{ openDatabaseApi }, { withAccount }] = await Promise.all([
    import("./open-database-api.ts"),
    import("./with-account.ts"),
  ]);
  return withAccount(terminal, options, async (ctx, installation) =>
    work(openDatabaseApi(ctx, installation, terminal)),
  );
}

/** The whole API, without an account. Waits where the server asks to, a minute at most each time. */
export function openClient(terminal: Terminal, { url, token }: Remote, account?: string) {
  const pause = terminal.pause ?? delay;
  const patient: typeof fetch = async (address, request) => {
    for (let tries = 1; ; tries++) {
      const response = await fetch(address, request);
      const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
      if (response.status !== 429 || tries === MAX_TRIES || !(seconds <= MAX_WAIT_SECONDS)) return response;
      await response.body?.cancel();
      await pause(seconds * 1_000);
    }
  };
  // Longer than the server may take for a batch of domains, and the waits before it.
  return createClient({ url, token, account, fetch: patient, timeoutMs: 300_000 });
}

const MAX_TRIES = 4;
const MAX_WAIT_SECONDS = 60;

/** The API for an account, named by id or name. @throws AppError `unauthenticated` – there is no key; `conflict` – several customers have the name */
export async function openRemoteApi(
  terminal: Terminal,
  remote: Remote,
  named?: string,
): Promise<ReturnType<typeof openClient>> {
  if (remote.token === undefined)
    throw new AppError(
      "unauthenticated",
      `There is no API key for ${remote.url}. Sign in with \`waxseal login --url ${remote.url}\`, or set WAXSEAL_TOKEN.`,
    );
  const own = openClient(terminal, remote);
  return named === undefined ? own : openClient(terminal, remote, await findAccountId(own, named));
}

/** @throws AppError `conflict` – several customers have the name */
async function findAccountId(
  api: Pick<ReturnType<typeof openClient>, "getMe" | "listCustomers">,
  named: string,
) {
  const isNamed = ({ id, name }: { id: string; name: string }) => id === named || name === named;
  const { account } = await api.getMe();
  if (isNamed(account)) return account.id;
  const found: string[] = [];
  for await (const one of eachItem((cursor) => api.listCustomers({ query: { q: named, cursor } })))
    if (isNamed(one)) found.push(one.id);
  const [only] = found;
  if (found.length > 1)
    throw new AppError(
      "conflict",
      `Several accounts are called ${named}: ${found.join(", ")}. Name one by its id.`,
      { reason: "account_ambiguous" },
    );
  if (only === undefined && !/^[\w-]{20,}$/.test(named))
    throw new AppError("not_found", `There is no account "${named}".`);
  return only ?? named;
}

/** A domain of the account as named on the command line: as one types it, or by its id. @throws AppError `not_found` */
export async function findNamedDomain(
  api: Pick<CustomerApi, "getDomain" | "listDomains">,
  name: string,
): Promise<Pick<Schemas["Domain"], "id" | "domain" | "status">> {
  const { normalizeDomainInput } = await import("@waxseal/core/normalize-domain-input");
  const input = normalizeDomainInput(name);
  const domain = input.ok ? input.domain : name;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name))
    return api.getDomain({ path: { id: name } });
  for await (const one of eachItem((cursor) => api.listDomains({ query: { q: domain, cursor, limit: 500 } })))
    if (one.domain === domain) return one;
  throw new AppError("not_found", `There is no domain ${name} in this account.`);
}
