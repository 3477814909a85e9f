import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { deleteOwnSignIn, PERSON_EXPORT_URL } from "../../api/account.ts";
import type { MeView } from "../../api/contract.ts";
import { StaleSignIn } from "../../api/StaleSignIn.tsx";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";
import { OwnSignIn } from "./OwnSignIn.tsx";

/** One's name, address and password, what is kept about oneself, and the end of one's sign-in. */
export function PersonPanel({ me }: { me: MeView }) {
  const [isAsking, setIsAsking] = useState(false);
  const cameBySso = me.signIn.by === "sso";
  if (!me.user) return null;
  return (
    <Panel title="You" hint="Your sign-in, in whatever account.">
      <Stack>
        <OwnSignIn me={me} user={me.user} />
        <Text>
          The export is one JSON file with your sign-in, sessions, memberships and what you did in each
          account.
          {cameBySso && " You came by single sign-on: sign in with your password or a passkey for this."}
        </Text>
        <Row>
          {!cameBySso && (
            <a className={buttonClass("secondary")} href={PERSON_EXPORT_URL} download>
              Export my data (JSON)
            </a>
          )}
          <Button
            look="danger"
            disabledReason={
              cameBySso ? "Sign in with your password or a passkey to delete your sign-in." : undefined
            }
            onClick={() => setIsAsking(true)}
          >
            Delete my sign-in…
          </Button>
        </Row>
        {isAsking && <DeleteDialog email={me.user.email} onClose={() => setIsAsking(false)} />}
      </Stack>
    </Panel>
  );
}

function DeleteDialog({ email, onClose }: { email: string; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const queryClient = useQueryClient();
  const router = useRouter();
  const remove = useMutation({
    mutationFn: () => deleteOwnSignIn(typed.trim()),
    onSuccess: () => {
      queryClient.clear();
      router.history.push(paths.signIn());
    },
  });
  return (
    <FormDialog
      title="Delete your sign-in?"
      submit="Delete my sign-in"
      look="danger"
      sending={remove}
      onClose={onClose}
    >
      <StaleSignIn />
      <Text>
        Your password, passkeys and sessions are deleted, and you leave every account. API keys you made and
        invitations you sent end. Accounts that only you belong to, without domains, are deleted too. Audit
        logs keep your name and address. This cannot be undone.
      </Text>
      <TextField label={`Type ${email} to confirm`} autoFocus value={typed} onChange={setTyped} />
    </FormDialog>
  );
}
