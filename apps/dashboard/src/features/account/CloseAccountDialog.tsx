import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { closeAccount } from "../../api/closing.ts";
import { formatCount } from "../../format/counts.ts";
import { TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Text } from "../../ui/Text.tsx";

type Props = { name: string; domains: number; onClose: () => void };

export function CloseAccountDialog({ name, domains, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const queryClient = useQueryClient();
  const close = useMutation({
    mutationFn: (_, scope) => closeAccount(typed, scope),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ["closing"] });
    },
  });
  return (
    <FormDialog
      title={`Delete ${name}?`}
      submit="Delete the account"
      look="danger"
      sending={close}
      onClose={onClose}
    >
      <Text>
        {domains === 0
          ? "All data of the account is deleted within minutes. This cannot be undone."
          : `${formatCount(domains)} ${domains === 1 ? "domain begins" : "domains begin"} to leave now. When the last has left, all data of the account is deleted. Until then you can keep the account.`}
      </Text>
      <TextField label={`Type ${name} to confirm`} autoFocus value={typed} onChange={setTyped} />
    </FormDialog>
  );
}
