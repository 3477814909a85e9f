import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { meQuery } from "../../api/account.ts";
import { addPasskey, knowsPasskeys, signInWithPasskey } from "../../api/passkeys.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { LeaveOrSwitch } from "./LeaveOrSwitch.tsx";
import { TwoFactorSetup } from "./TwoFactorSetup.tsx";

/** All that a member may do in an account that requires two-factor, until they have it. */
export function TwoFactorPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const hasPasskey = me?.twoFactor.hasPasskey ?? false;
  const go = () => navigate({ to: paths.overview() });
  const passkey = useMutation({
    mutationFn: () => (hasPasskey ? signInWithPasskey() : addPasskey("Passkey")),
    onSuccess: async () => {
      await queryClient.resetQueries();
      await go();
    },
  });
  // A passkey opens all accounts of a person; an identity provider of one has no say in it.
  const mayUsePasskey = knowsPasskeys() && me?.signIn.by !== "sso";
  return (
    <FrontPage
      title="Set up two-factor"
      lead={`${me?.account.name ?? "This account"} requires two factors of all members: a code of an authenticator app besides the password, or a passkey.`}
    >
      <TwoFactorSetup needsPassword={me?.signIn.hasPassword ?? true} onDone={go} />
      {mayUsePasskey && (
        <Button busy={passkey.isPending} onClick={() => passkey.mutate()}>
          {hasPasskey ? "Use your passkey instead" : "Add a passkey instead"}
        </Button>
      )}
      <ErrorNotice error={passkey.error} />
      <LeaveOrSwitch me={me} />
    </FrontPage>
  );
}
