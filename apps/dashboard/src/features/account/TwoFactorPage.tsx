import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { meQuery, signOut, switchAccount } from "../../api/account.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { TwoFactorSetup } from "./TwoFactorSetup.tsx";

/** All that a member may do in an account that requires two-factor, until they have it. */
export function TwoFactorPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  const queryClient = useQueryClient();
  const router = useRouter();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      queryClient.clear();
      router.history.push(paths.signIn());
    },
  });
  const change = useMutation({
    mutationFn: switchAccount,
    onSuccess: async () => {
      await queryClient.resetQueries();
      router.history.push(paths.domains());
    },
  });
  const others = me?.accounts.filter(({ id }) => id !== me.account.id) ?? [];
  return (
    <FrontPage
      title="Set up two-factor"
      lead={`${me?.account.name ?? "This account"} requires everybody to sign in with a code of an authenticator app besides the password.`}
    >
      <TwoFactorSetup onDone={() => router.history.push(paths.domains())} />
      {others.map((account) => (
        <Button key={account.id} look="quiet" onClick={() => change.mutate(account.id)}>
          Work in {account.name} instead
        </Button>
      ))}
      <Button look="quiet" busy={leave.isPending} onClick={() => leave.mutate()}>
        Sign out
      </Button>
    </FrontPage>
  );
}
