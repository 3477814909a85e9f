import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { meQuery } from "../../api/account.ts";
import { startSso } from "../../api/sso.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { LeaveOrSwitch } from "./LeaveOrSwitch.tsx";

/** All that a member may do in an account that requires single sign-on, having come otherwise. */
export function SsoRequiredPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  const start = useMutation({ mutationFn: () => startSso({ email: me?.user?.email ?? "" }) });
  return (
    <FrontPage
      title="Single sign-on required"
      lead={`${me?.account.name ?? "This account"} lets its members in by its own identity provider only.`}
    >
      <Button look="primary" busy={start.isPending} onClick={() => start.mutate()}>
        Go there and sign in
      </Button>
      <ErrorNotice error={start.error} />
      <LeaveOrSwitch me={me} />
    </FrontPage>
  );
}
