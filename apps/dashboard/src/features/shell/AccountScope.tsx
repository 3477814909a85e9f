import { type QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { Outlet, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { meQuery, startInAccount } from "../../api/account.ts";

/** Has everything inside read and change one account, from scratch for every account. */
export function AccountScope({ clientOf }: { clientOf(accountId: string): QueryClient }) {
  const { account = "" } = useParams({ strict: false });
  return (
    <QueryClientProvider key={account} client={clientOf(account)}>
      <StartHere account={account} />
      <Outlet />
    </QueryClientProvider>
  );
}

/** Makes the account shown the one where the next visit starts. */
function StartHere({ account }: { account: string }) {
  const { data: me } = useQuery(meQuery);
  const isStart = me?.startsHere;
  // What is on the screen changes what the session remembers; a link that is only prepared does not.
  useEffect(() => {
    // Not awaited: at worst the next visit starts in another account.
    if (isStart === false) startInAccount(account).catch(() => undefined);
  }, [account, isStart]);
  return null;
}
