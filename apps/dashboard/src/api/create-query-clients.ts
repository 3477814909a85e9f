import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { meQuery } from "./account.ts";
import { ApiError } from "./client.ts";
import { bindToAccount } from "./in-account.ts";

const MAX_RETRIES = 2;

/** How the API and the sign-in library say that there is no session. */
const SESSION_ENDED = ["unauthenticated", "UNAUTHORIZED"];

/** What is read and changed by this page: outside of any account, and in each account apart. */
export type QueryClients = {
  front: QueryClient;
  /** The same one at every call, so that nothing read in one account is ever shown in another. */
  of(accountId: string): QueryClient;
};

type Listeners = {
  /** An answer says that the session has ended; by then nothing that was read is kept. */
  onSignedOut: () => void;
  /** An answer says that the person belongs to no account, or no longer to this one. */
  onNoAccount: (accountId: string | undefined) => void;
};

/** Makes the clients, and says what happens when an answer ends the session or a membership. */
export function createQueryClients({ onSignedOut, onNoAccount }: Listeners): QueryClients {
  const accounts = new Map<string, QueryClient>();
  const listen = (accountId?: string) => (error: unknown) => {
    if (!(error instanceof ApiError)) return;
    const all = [front, ...accounts.values()];
    if (error.code === "no_account") {
      if (accountId !== undefined) accounts.get(accountId)?.clear();
      onNoAccount(accountId);
      return;
    }
    // A wrong password or code is a 401 too; only this one is about the session.
    const wasSignedIn = all.some((client) => client.getQueryData(meQuery.queryKey));
    if (!SESSION_ENDED.includes(error.code) || !wasSignedIn) return;
    for (const client of all) client.clear();
    onSignedOut();
  };
  const front = createClient(listen());
  return {
    front,
    of: (accountId) => {
      const known = accounts.get(accountId);
      if (known) return known;
      const client = createClient(listen(accountId));
      bindToAccount(client, accountId);
      accounts.set(accountId, client);
      return client;
    },
  };
}

function createClient(onError: (error: unknown) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // The browser's word for "online" is unreliable: a request shows whether the server answers.
        networkMode: "always",
        // A refusal stays one; only what may pass is worth asking again. Without any answer `send` goes on asking.
        retry: (failures, error) =>
          failures < MAX_RETRIES && error instanceof ApiError && error.status >= 500,
        retryDelay: (failures) => 500 * 2 ** failures,
      },
      mutations: { networkMode: "always" },
    },
  });
}
