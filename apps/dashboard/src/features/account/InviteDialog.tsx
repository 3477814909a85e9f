import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Role, readRole } from "@waxseal/contract/permissions";
import { useState } from "react";
import { invitationsQuery, inviteMember } from "../../api/account.ts";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";

const ROLE_OPTIONS: readonly { value: Role; label: string }[] = [
  { value: "viewer", label: "Viewer: read only" },
  { value: "editor", label: "Editor: domains, policies and reports" },
  { value: "admin", label: "Admin: also members and API keys" },
  { value: "owner", label: "Owner: full access, can manage owners" },
];

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
