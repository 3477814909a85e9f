import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { closeAccount } from "../../api/closing.ts";
import type { ClosingView } from "../../api/contract.ts";
import { StaleSignIn } from "../../api/StaleSignIn.tsx";
import { formatCount } from "../../format/counts.ts";
import { TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Text } from "../../ui/Text.tsx";

/** Domains named in the dialog. */
const MAX_NAMED = 10;

type Props = { name: string; closing: ClosingView; onClose: () => void };

export function CloseAccountDialog({ name, closing, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const queryClient = useQueryClient();
  const close = useMutation({
    mutationFn: (_, scope) => closeAccount(typed, scope),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries();
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
      <StaleSignIn />
      <Text>
        Nothing changes until <Instant at={closing.beginsAt} exact />, and all owners get a mail.{" "}
        {closing.domainsStaying === 0
          ? "Then all data of the account is deleted. Until then you can keep the account."
          : `Then ${formatCount(closing.domainsStaying)} ${closing.domainsStaying === 1 ? "domain begins" : "domains begin"} to leave, and when the last has left, all data of the account is deleted. Until then you can keep the account.`}
      </Text>
      {closing.domainsStaying > 0 && (
        <Text>
          If you keep it later, domains that are still leaving are restored, enforced policies in mode
          testing. Domains that have left must be added again.
        </Text>
      )}
      {closing.domains.length > 0 && (
        <ul>
          {closing.domains.slice(0, MAX_NAMED).map(({ domain, leavesAt }) => (
            <li key={domain}>
              {domain}{" "}
              {leavesAt ? (
                <>
                  is served until <Instant at={leavesAt} exact />
                </>
              ) : (
                "was never published and leaves at once"
              )}
            </li>
          ))}
          {closing.domainsStaying > MAX_NAMED && (
            <li>and {formatCount(closing.domainsStaying - MAX_NAMED)} more</li>
          )}
        </ul>
      )}
      <TextField label={`Type ${name} to confirm`} autoFocus value={typed} onChange={setTyped} />
    </FormDialog>
  );
}
