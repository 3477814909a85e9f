import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { switchAccount } from "../../api/account.ts";
import type { MeView } from "../../api/contract.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";

/** Leads from a customer's account back to that of its provider; nothing anywhere else. */
export function BackToProvider({ provider }: Pick<MeView, "provider">) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const back = useMutation({
    mutationFn: switchAccount,
    onSuccess: async () => {
      await queryClient.resetQueries();
      await navigate({ to: paths.customers() });
    },
  });
  if (!provider) return null;
  return (
    <Button small busy={back.isPending} onClick={() => back.mutate(provider.id)}>
      All customers
    </Button>
  );
}
