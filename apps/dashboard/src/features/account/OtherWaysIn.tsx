import { useMutation } from "@tanstack/react-query";
import { knowsPasskeys, signInWithPasskey } from "../../api/passkeys.ts";
import { startSso } from "../../api/sso.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";

type Props = { email: string; next: string | undefined; onSignedIn: () => Promise<void> };

/** Signing in without a password: by a passkey, or by the account's identity provider. */
export function OtherWaysIn({ email, next, onSignedIn }: Props) {
  const passkey = useMutation({ mutationFn: signInWithPasskey, onSuccess: onSignedIn });
  const sso = useMutation({
    mutationFn: async () => (email === "" ? "noAddress" : startSso({ email, next })),
  });
  return (
    <Stack gap={3}>
      {knowsPasskeys() && (
        <Button busy={passkey.isPending} onClick={() => passkey.mutate()}>
          Use a passkey
        </Button>
      )}
      <Button busy={sso.isPending} onClick={() => sso.mutate()}>
        Single sign-on
      </Button>
      {sso.data === "noAddress" && email === "" && (
        <Notice tone="notice" live>
          Enter your email address first, so that we know which sign-in page to open.
        </Notice>
      )}
      <ErrorNotice error={passkey.error ?? sso.error} />
    </Stack>
  );
}
