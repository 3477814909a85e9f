import { Link } from "@tanstack/react-router";
import type { MeView } from "../../api/contract.ts";
import { useSignOut } from "../../api/use-sign-out.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";

/** Actions for a person whom an account does not admit: open another account, or sign out. */
export function LeaveOrSwitch({ me }: { me: MeView | null }) {
  const leave = useSignOut();
  const others = me?.accounts.filter(({ id }) => id !== me.account.id) ?? [];
  return (
    <>
      {others.map((account) => (
        <Link
          key={account.id}
          to={paths.overview()}
          params={{ account: account.id }}
          className={buttonClass("quiet")}
        >
          Work in {account.name} instead
        </Link>
      ))}
      <Button look="quiet" busy={leave.isPending} onClick={() => leave.mutate()}>
        Sign out
      </Button>
    </>
  );
}
