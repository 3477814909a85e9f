import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { closeAccount } from "../../api/closing.ts";
import { formatCount } from "../../format/counts.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Text } from "../../ui/Text.tsx";

type Props = { name: string; domains: number; onClose: () => void };

export function CloseAccountDialog({ name, domains, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const queryClient = useQueryClient();
  const close = useMutation({
    mutationFn: () => closeAccount(typed),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ["closing"] });
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!close.isPending) close.mutate();
  };
  return (
    <Dialog
      opened
      title={`Delete ${name}?`}
      onClose={onClose}
      action={
        <Button type="submit" form="close-account" look="danger" busy={close.isPending}>
          Delete the account
        </Button>
      }
    >
      <form id="close-account" onSubmit={send} noValidate>
        <Stack gap={3}>
          <Text>
            {domains === 0
              ? "All data of the account is deleted within minutes. This cannot be undone."
              : `${formatCount(domains)} ${domains === 1 ? "domain begins" : "domains begin"} to leave now. When the last has left, all data of the account is deleted. Until then you can keep the account.`}
          </Text>
          <TextField label={`Type ${name} to confirm`} autoFocus value={typed} onChange={setTyped} />
          <ErrorNotice error={close.error} />
        </Stack>
      </form>
    </Dialog>
  );
}
