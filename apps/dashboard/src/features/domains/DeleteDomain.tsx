import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { DomainView } from "../../api/contract.ts";
import { removeDomain } from "../../api/domains.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Text } from "../../ui/Text.tsx";

/** Deletes a domain whose policy no sender can hold, after its name was typed. */
export function DeleteDomain({ domain }: { domain: DomainView }) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <div>
      <ActionButton needs="domains.leave" look="danger" onClick={() => setIsAsking(true)}>
        Delete {domain.domain}…
      </ActionButton>
      {isAsking && <ConfirmDelete domain={domain} onClose={() => setIsAsking(false)} />}
    </div>
  );
}

function ConfirmDelete({ domain, onClose }: { domain: DomainView; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [wasRefused, setWasRefused] = useState(false);
  const isTyped = typed.trim().toLowerCase() === domain.domain;
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: (_, scope) => removeDomain(domain.id, scope),
    onSuccess: async () => {
      await navigate({ to: paths.domains() });
      queryClient.removeQueries({ queryKey: ["domains", domain.id] });
      await queryClient.invalidateQueries({ queryKey: ["domains"] });
    },
  });
  return (
    <Dialog
      opened
      onClose={onClose}
      title={`Delete ${domain.domain}?`}
      action={
        <Button
          look="danger"
          busy={remove.isPending}
          onClick={() => (isTyped ? remove.mutate() : setWasRefused(true))}
        >
          Delete
        </Button>
      }
    >
      <Stack>
        <Text>
          Its policies, certificate, reports and figures are deleted. This cannot be undone. The audit log
          keeps what was done. If you add the domain again, it gets three new CNAME records.
        </Text>
        <TextField
          label={`Type ${domain.domain} to confirm`}
          value={typed}
          error={wasRefused && !isTyped ? `Type ${domain.domain} to confirm.` : undefined}
          onChange={setTyped}
        />
        <ErrorNotice error={remove.error} />
      </Stack>
    </Dialog>
  );
}
