import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { meQuery } from "./account.ts";
import { ApiError } from "./client.ts";
import { bindToAccount } from "./in-account.ts";

const MAX_RETRIES = 2;

/** What is read and changed by this page: outside of any account, and in each account apart. */
export type QueryClients = {
  front: QueryClient;
  /** The same one at every call, so that nothing read in one account is ever shown in another. */
  of(accountId: string): QueryClient;
};

/** `onSignedOut` runs when any answer says that the session has ended; by then nothing that was read is kept. */
export function createQueryClients({ onSignedOut }: { onSignedOut: () => void }): QueryClients {
  const accounts = new Map<string, QueryClient>();
  const onError = (error: unknown) => {
    const all = [front, ...accounts.values()];
    // Somebody who was never signed in gets a 401 for a wrong password, which ends nothing.
    const wasSignedIn = all.some((client) => client.getQueryData(meQuery.queryKey));
    if (!(error instanceof ApiError) || error.status !== 401 || !wasSignedIn) return;
    for (const client of all) client.clear();
    onSignedOut();
  };
  const front = createClient(onError);
  return {
    front,
    of: (accountId) => {
      const known = accounts.get(accountId);
      if (known) return known;
      const client = createClient(onError);
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
        // A refusal stays one; only what may pass is worth asking again.
        retry: (failures, error) =>
          failures < MAX_RETRIES && error instanceof ApiError && (error.status === 0 || error.status >= 500),
        retryDelay: (failures) => 500 * 2 ** failures,
      },
    },
  });
}
