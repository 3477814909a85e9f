import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { DomainView } from "../../api/contract.ts";
import { removeDomain } from "../../api/domains.ts";
import { paths } from "../../paths.ts";
import { Text } from "../../ui/Text.tsx";
import { TypedConfirmDialog } from "../../ui/TypedConfirmDialog.tsx";

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
    <TypedConfirmDialog
      title={`Delete ${domain.domain}?`}
      submit="Delete"
      phrase={domain.domain}
      sending={remove}
      onClose={onClose}
    >
      <Text>
        Its policies, certificate, reports and figures are deleted. This cannot be undone. The audit log keeps
        what was done. If you add the domain again, it gets three new CNAME records.
      </Text>
    </TypedConfirmDialog>
  );
}
