import { useMutation, useQueryClient } from "@tanstack/react-query";
import { mayDo, ROLES, type Role, readRole } from "@waxseal/contract/permissions";
import { useState } from "react";
import { changeMemberRole } from "../../api/account.ts";
import type { MemberListView } from "../../api/contract.ts";
import { ROLE_MEANINGS, ROLE_NAMES } from "../../format/roles.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { RemoveMemberDialog } from "./RemoveMemberDialog.tsx";
import { ResetFactor } from "./ResetFactor.tsx";

type Member = MemberListView["items"][number];
type Props = { member: Member; ownRole: Role; onClose: () => void };

/** Another role for a member, or their removal. */
export function ChangeMemberDialog({ member, ownRole, onClose }: Props) {
  const queryClient = useQueryClient();
  const [role, setRole] = useState(member.role);
  const [isRemoving, setIsRemoving] = useState(false);
  const change = useMutation({
    mutationFn: (_, scope) => changeMemberRole({ id: member.id, role }, scope),
    onSuccess: async () => {
      onClose();
      await queryClient.resetQueries();
    },
  });
  if (isRemoving) return <RemoveMemberDialog member={member} onClose={onClose} />;
  const roles = ROLES.filter((name) => name !== "owner" || ownRole === "owner");
  return (
    <Dialog
      opened
      title={member.name}
      onClose={onClose}
      action={
        <Button look="primary" busy={change.isPending} onClick={() => change.mutate()}>
          Save the role
        </Button>
      }
    >
      <Stack gap={3}>
        <SelectField
          label="Role"
          hint={`${member.email} has to sign in again after a change. API keys they made with more rights than the new role end.`}
          value={role}
          options={roles.map((name) => ({
            value: name,
            label: `${ROLE_NAMES[name]}: ${ROLE_MEANINGS[name]}`,
          }))}
          onChange={(value) => setRole(readRole(value))}
        />
        {mayDo(ownRole, "members.resetFactor") && <ResetFactor member={member} />}
        <div>
          <Button look="danger" onClick={() => setIsRemoving(true)}>
            Remove from the account…
          </Button>
        </div>
        <ErrorNotice error={change.error} />
      </Stack>
    </Dialog>
  );
}
