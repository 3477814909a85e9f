import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { meQuery } from "./account.ts";
import { ApiError } from "./client.ts";

const MAX_RETRIES = 2;

/** `onSignedOut` runs when any answer says that the session has ended. */
export function createQueryClient({ onSignedOut }: { onSignedOut: () => void }): QueryClient {
  const onError = (error: unknown) => {
    // Somebody who was never signed in gets a 401 for a wrong password, which ends nothing.
    if (!(error instanceof ApiError) || error.status !== 401 || !client.getQueryData(meQuery.queryKey))
      return;
    client.clear();
    onSignedOut();
  };
  const client = new QueryClient({
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
  return client;
}
