import { Link } from "@tanstack/react-router";
import type { MeView } from "../../api/contract.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";

/** Leads from a customer's account back to that of its provider; nothing anywhere else. */
export function BackToProvider({ provider }: Pick<MeView, "provider">) {
  if (!provider) return null;
  return (
    <Link to={paths.customers()} params={{ account: provider.id }} className={buttonClass("secondary", true)}>
      All customers
    </Link>
  );
}
