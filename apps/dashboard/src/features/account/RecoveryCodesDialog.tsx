import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "../../api/account.ts";
import { renewRecoveryCodes } from "../../api/two-factor.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { RecoveryCodes } from "../../ui/RecoveryCodes.tsx";
import { Text } from "../../ui/Text.tsx";
import { OwnPasswordField } from "./OwnPasswordField.tsx";

/** New recovery codes in place of the earlier ones, while one is signed in. */
export function RecoveryCodesDialog({
  needsPassword,
  onClose,
}: {
  needsPassword: boolean;
  onClose: () => void;
}) {
  const [password, setPassword] = useState("");
  const queryClient = useQueryClient();
  const renew = useMutation({
    mutationFn: () => renewRecoveryCodes(password),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
  if (renew.data)
    return (
      <Dialog
        opened
        title="Your new recovery codes"
        onClose={onClose}
        action={
          <Button look="primary" onClick={onClose}>
            I have kept them
          </Button>
        }
      >
        <Stack gap={3}>
          <Text>
            Each signs you in once without the app. The earlier ones no longer work, and these are not shown
            again.
          </Text>
          <RecoveryCodes codes={renew.data.backupCodes} title="Waxseal recovery codes" />
        </Stack>
      </Dialog>
    );
  return (
    <FormDialog title="New recovery codes" submit="Make new codes" sending={renew} onClose={onClose}>
      <Text>You get ten new codes. The earlier ones stop working.</Text>
      {needsPassword && <OwnPasswordField value={password} onChange={setPassword} />}
    </FormDialog>
  );
}
