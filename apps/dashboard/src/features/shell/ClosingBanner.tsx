import { Link } from "@tanstack/react-router";
import { mayDo } from "@waxseal/contract/permissions";
import type { MeView } from "../../api/contract.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";

/** On every page of an account that is being deleted. */
export function ClosingBanner({ account }: Pick<MeView, "account">) {
  if (!account.closingAt) return null;
  const mayKeep = mayDo(account.role, "account.close");
  return (
    <Notice
      tone="notice"
      title={`${account.name} is being deleted`}
      actions={
        mayKeep && (
          <Link to={paths.accountSettings()} className={buttonClass("secondary", true)}>
            See the dates, or keep the account
          </Link>
        )
      }
    >
      No domains can be added and no one can be invited.{!mayKeep && " Only an owner can keep the account."}
    </Notice>
  );
}
