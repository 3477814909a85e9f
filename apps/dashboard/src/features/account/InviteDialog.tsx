import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ROLES, type Role, readRole } from "@waxseal/contract/permissions";
import { useState } from "react";
import { invitationsQuery, inviteMember } from "../../api/account.ts";
import { ROLE_MEANINGS, ROLE_NAMES } from "../../format/roles.ts";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";

const ROLE_OPTIONS = [...ROLES]
  .reverse()
  .map((value) => ({ value, label: `${ROLE_NAMES[value]}: ${ROLE_MEANINGS[value]}` }));

/** Invites a person; `role` is that of the inviting person. */
export function InviteDialog({ role: ownRole, onClose }: { role: Role; onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const queryClient = useQueryClient();
  const invite = useMutation({
    mutationFn: (_, scope) => inviteMember({ email: email.trim(), role }, scope),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey });
    },
  });
  return (
    <FormDialog title="Invite a person" submit="Send the invitation" sending={invite} onClose={onClose}>
      <TextField
        label="Email address"
        type="email"
        autoFocus
        value={email}
        hint="The link in the mail works for seven days, for this address only."
        onChange={setEmail}
      />
      <SelectField
        label="Role"
        value={role}
        options={ROLE_OPTIONS.filter(({ value }) => value !== "owner" || ownRole === "owner")}
        onChange={(value) => setRole(readRole(value))}
      />
    </FormDialog>
  );
}
