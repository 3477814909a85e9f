import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { signOut, switchAccount } from "../../api/account.ts";
import type { MeView } from "../../api/contract.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";

/** The ways on for whom an account does not let in: their other accounts, or out. */
export function LeaveOrSwitch({ me }: { me: MeView | null }) {
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
    <>
      {others.map((account) => (
        <Button key={account.id} look="quiet" onClick={() => change.mutate(account.id)}>
          Work in {account.name} instead
        </Button>
      ))}
      <Button look="quiet" busy={leave.isPending} onClick={() => leave.mutate()}>
        Sign out
      </Button>
    </>
  );
}
