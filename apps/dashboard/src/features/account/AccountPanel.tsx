import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { membersQuery, meQuery, removeMember, renameAccount } from "../../api/account.ts";
import type { MeView } from "../../api/contract.ts";
import { ROLE_MEANINGS, ROLE_NAMES } from "../../format/roles.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";

/** The account one works in, and the ways to rename it, leave it and work in another one. */
export function AccountPanel({ me }: { me: MeView }) {
  const navigate = useNavigate();
  const [open, setOpen] = useState<"rename" | "leave">();
  const close = () => setOpen(undefined);
  const isMember = me.user !== null && me.accounts.some(({ id }) => id === me.account.id);
  const { role } = me.account;
  return (
    <Panel title="Account">
      <Stack>
        <Facts
          items={{
            Account: me.account.name,
            "Your role": `${ROLE_NAMES[role]}: ${ROLE_MEANINGS[role]}`,
            "Managed by": me.provider && `${me.provider.name}, where your role comes from`,
            "Hosted zone": <code>{me.hostedZone}</code>,
          }}
        />
        <Row>
          <ActionButton needs="account.manage" onClick={() => setOpen("rename")}>
            Rename…
          </ActionButton>
          {isMember && <LeaveButton me={me} onClick={() => setOpen("leave")} />}
        </Row>
        {me.accounts.length > 1 && (
          <SelectField
            label="Work in another account"
            value={me.account.id}
            options={me.accounts.map((account) => ({ value: account.id, label: account.name }))}
            onChange={(account) => void navigate({ to: paths.accountSettings(), params: { account } })}
          />
        )}
        {open === "rename" && <RenameDialog name={me.account.name} onClose={close} />}
        {open === "leave" && <LeaveDialog me={me} onClose={close} />}
      </Stack>
    </Panel>
  );
}

function LeaveButton({ me, onClick }: { me: MeView; onClick: () => void }) {
  const { data: members } = useQuery(membersQuery);
  const owners = members?.items.filter(({ role }) => role === "owner").length ?? 0;
  const isLast = me.account.role === "owner" && owners < 2;
  return (
    <Button
      look="quiet"
      disabledReason={isLast ? "You are the only owner. Make another member owner first." : undefined}
      onClick={onClick}
    >
      Leave this account…
    </Button>
  );
}

function RenameDialog({ name: before, onClose }: { name: string; onClose: () => void }) {
  const [name, setName] = useState(before);
  const queryClient = useQueryClient();
  const rename = useMutation({
    mutationFn: (_, scope) => renameAccount(name, scope),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      onClose();
    },
  });
  return (
    <FormDialog title="Rename the account" submit="Save the name" sending={rename} onClose={onClose}>
      <TextField
        label="Account name"
        hint="Members, customers and invited people see it. Addresses and DNS records stay as they are."
        autoFocus
        value={name}
        onChange={setName}
      />
    </FormDialog>
  );
}

function LeaveDialog({ me, onClose }: { me: MeView; onClose: () => void }) {
  const navigate = useNavigate();
  const { id, name } = me.account;
  const leave = useMutation({
    mutationFn: (_, scope) => removeMember({ id: me.user?.id ?? "", takesOverKeys: false }, scope),
    onSuccess: () => navigate({ to: paths.noAccount(), search: { from: id } }),
  });
  return (
    <FormDialog
      title={`Leave ${name}?`}
      submit="Leave the account"
      look="danger"
      sending={leave}
      onClose={onClose}
    >
      <Text>
        You can open nothing of {name} afterwards. API keys you made there end, and invitations you sent are
        revoked. To come back, you need a new invitation.
      </Text>
    </FormDialog>
  );
}
