import { useQuery } from "@tanstack/react-query";
import { FRESH_SIGN_IN_MS } from "@waxseal/contract/fresh-sign-in";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";
import { sessionsQuery } from "./sessions.ts";
import { useSignOut } from "./use-sign-out.ts";

/** In dialogs about what cannot be undone: says that the sign-in is too old for it, before the person types, with the way to a new one. */
export function StaleSignIn() {
  const { data } = useQuery(sessionsQuery);
  const leave = useSignOut(window.location.pathname);
  const own = data?.items.find(({ isThisOne }) => isThisOne);
  if (!own || Date.now() - Date.parse(own.signedInAt) < FRESH_SIGN_IN_MS) return null;
  return (
    <Notice
      tone="notice"
      title="You signed in more than 15 minutes ago"
      actions={
        <Button busy={leave.isPending} onClick={() => leave.mutate()}>
          Sign in again
        </Button>
      }
    >
      For this you have to sign in again first. You come back to this page.
    </Notice>
  );
}
