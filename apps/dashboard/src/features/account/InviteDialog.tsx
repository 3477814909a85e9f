import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Role, readRole } from "@waxseal/contract/permissions";
import { type FormEvent, useState } from "react";
import { invitationsQuery, inviteMember } from "../../api/account.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Stack } from "../../ui/Layout.tsx";

const ROLE_OPTIONS: readonly { value: Role; label: string }[] = [
  { value: "viewer", label: "Viewer: sees everything, changes nothing" },
  { value: "editor", label: "Editor: domains, policies and reports" },
  { value: "admin", label: "Admin: also members and API keys" },
  { value: "owner", label: "Owner: also other owners" },
];

/** Invites a person; `role` is that of whoever invites. */
export function InviteDialog({ role: ownRole, onClose }: { role: Role; onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const queryClient = useQueryClient();
  const invite = useMutation({
    mutationFn: () => inviteMember({ email: email.trim(), role }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey });
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!invite.isPending) invite.mutate();
  };
  return (
    <Dialog
      opened
      title="Invite a person"
      onClose={onClose}
      action={
        <Button type="submit" form="invite-member" look="primary" busy={invite.isPending}>
          Send the invitation
        </Button>
      }
    >
      <form id="invite-member" onSubmit={send} noValidate>
        <Stack gap={3}>
          <TextField
            label="E-mail address"
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
          <ErrorNotice error={invite.error} />
        </Stack>
      </form>
    </Dialog>
  );
}
