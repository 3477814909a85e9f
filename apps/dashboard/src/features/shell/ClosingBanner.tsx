import { Link } from "@tanstack/react-router";
import { mayDo } from "@waxseal/contract/permissions";
import type { MeView } from "../../api/contract.ts";
import { paths } from "../../paths.ts";
import { Notice } from "../../ui/Notice.tsx";

/** On every page of an account that is being deleted. */
export function ClosingBanner({ account }: Pick<MeView, "account">) {
  if (!account.closingAt) return null;
  return (
    <Notice tone="notice" title={`${account.name} is being deleted`}>
      No domains can be added and no one can be invited.{" "}
      {mayDo(account.role, "account.close") ? (
        <Link to={paths.settings()}>See the dates, or keep the account</Link>
      ) : (
        "Only an owner can keep the account."
      )}
    </Notice>
  );
}
