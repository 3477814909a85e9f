import { useQuery } from "@tanstack/react-query";
import { type Action, mayDo, PERMISSIONS } from "@waxseal/contract/permissions";
import type { ComponentProps, ReactNode } from "react";
import { ROLE_NAMES } from "../format/roles.ts";
import { Button } from "../ui/Button.tsx";
import { meQuery } from "./account.ts";

/** Why the person's role does not allow this in the account of the page, by the API's table of permissions; `undefined`: it does. */
function useMayNot(action: Action): string | undefined {
  const { data: me } = useQuery(meQuery);
  if (!me || mayDo(me.account.role, action)) return undefined;
  const roles = PERMISSIONS[action].map((role) => ROLE_NAMES[role].toLowerCase());
  const last = roles.pop() ?? "";
  const who = roles.length > 0 ? `${roles.join(", ")} or ${last}` : last;
  return `Only an ${who} can do this.`;
}

type Denied = {
  needs: Action;
  /** Not offered at all to a role that is not allowed to, e.g. in every row of a table. Default: disabled, with the reason. */
  hideDenied?: boolean;
};

/** A button for something that not every role may do. Every button that changes the account is one. */
export function ActionButton({
  needs,
  hideDenied,
  disabledReason,
  ...rest
}: ComponentProps<typeof Button> & Denied) {
  const mayNot = useMayNot(needs);
  if (hideDenied && mayNot !== undefined) return null;
  return <Button {...rest} data-needs={needs} disabledReason={mayNot ?? disabledReason} />;
}

/** Shows a link to a page where something is changed, or a choice of a file, to the roles that may do so. */
export function OnlyFor({ needs, children }: { needs: Action; children: ReactNode }) {
  if (useMayNot(needs) !== undefined) return null;
  return (
    <span className="contents" data-needs={needs}>
      {children}
    </span>
  );
}
