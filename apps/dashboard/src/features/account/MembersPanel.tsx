import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { mayDo, ROLES, type Role, readRole } from "@waxseal/contract/permissions";
import { useState } from "react";
import {
  apiKeysQuery,
  changeMemberRole,
  invitationsQuery,
  membersQuery,
  removeMember,
  revokeInvitation,
} from "../../api/account.ts";
import type { InvitationListView, MemberListView, MeView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { ROLE_NAMES } from "../../format/roles.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { Text } from "../../ui/Text.tsx";
import { InviteDialog } from "./InviteDialog.tsx";

type Member = MemberListView["items"][number];

export function MembersPanel({ me }: { me: MeView }) {
  const [isInviting, setIsInviting] = useState(false);
  const mayManage = mayDo(me.account.role, "members.manage");
  return (
    <Panel
      flush
      title="Members"
      hint={`Who may work in ${me.account.name}.`}
      actions={
        <Button
          icon="plus"
          disabledReason={mayManage ? undefined : "An owner or admin invites people."}
          onClick={() => setIsInviting(true)}
        >
          Invite a person
        </Button>
      }
    >
      <QueryBoundary height={120}>
        <Members me={me} mayManage={mayManage} />
        <Invitations mayManage={mayManage} />
      </QueryBoundary>
      {isInviting && <InviteDialog role={me.account.role} onClose={() => setIsInviting(false)} />}
    </Panel>
  );
}

function Members({ me, mayManage }: { me: MeView; mayManage: boolean }) {
  const { data } = useSuspenseQuery(membersQuery);
  const [chosen, setChosen] = useState<Member>();
  const mayChange = ({ role }: Member) => mayManage && (role !== "owner" || me.account.role === "owner");
  const columns: readonly Column<Member>[] = [
    { title: "Name", cell: (row) => row.name },
    { title: "Email address", wideOnly: true, cell: (row) => row.email },
    { title: "Role", cell: (row) => ROLE_NAMES[row.role] },
    {
      title: "Two-factor",
      wideOnly: true,
      cell: (row) => (row.hasTwoFactor ? "On" : row.hasPasskey ? "By passkey" : "Off"),
    },
    {
      title: "Actions",
      align: "end",
      cell: (row) =>
        mayChange(row) && (
          <Button small look="quiet" aria-label={`Change ${row.email}`} onClick={() => setChosen(row)}>
            Change
          </Button>
        ),
    },
  ];
  return (
    <>
      <Table caption="Members" columns={columns} rows={data.items} rowKey={(row) => row.id} />
      {chosen && (
        <ChangeMember member={chosen} ownRole={me.account.role} onClose={() => setChosen(undefined)} />
      )}
    </>
  );
}

type ChangeProps = { member: Member; ownRole: Role; onClose: () => void };

function ChangeMember({ member, ownRole, onClose }: ChangeProps) {
  const queryClient = useQueryClient();
  const [role, setRole] = useState(member.role);
  const onSuccess = async () => {
    onClose();
    await queryClient.resetQueries();
  };
  const change = useMutation({
    mutationFn: (_, scope) => changeMemberRole({ id: member.id, role }, scope),
    onSuccess,
  });
  const [takesOverKeys, setTakesOverKeys] = useState(false);
  const remove = useMutation({
    mutationFn: (_, scope) => removeMember({ id: member.id, takesOverKeys }, scope),
    onSuccess,
  });
  const { data: keys } = useQuery(apiKeysQuery);
  const ownKeys = keys?.items.filter(({ createdBy }) => createdBy?.id === member.id) ?? [];
  const error = change.error ?? remove.error;
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
          options={roles.map((name) => ({ value: name, label: ROLE_NAMES[name] }))}
          onChange={(value) => setRole(readRole(value))}
        />
        <Text>
          Removing them ends their sessions here and revokes the invitations they sent.
          {ownKeys.length > 0 &&
            ` They made the API ${ownKeys.length === 1 ? "key" : "keys"} ${ownKeys.map(({ name }) => `“${name}”`).join(", ")}:`}
        </Text>
        {ownKeys.length > 0 && (
          <SelectField
            label="Their API keys"
            value={takesOverKeys ? "takeOver" : "end"}
            options={[
              { value: "end", label: "End when I remove them" },
              { value: "takeOver", label: "Keep working, as mine" },
            ]}
            onChange={(value) => setTakesOverKeys(value === "takeOver")}
          />
        )}
        <div>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            Remove from the account
          </Button>
        </div>
        {error && (
          <Notice tone="bad" live>
            {errorText(error)}
          </Notice>
        )}
      </Stack>
    </Dialog>
  );
}

function Invitations({ mayManage }: { mayManage: boolean }) {
  const { data } = useSuspenseQuery(invitationsQuery);
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: revokeInvitation,
    onSettled: () => queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });
  if (data.items.length === 0) return null;
  const columns: readonly Column<InvitationListView["items"][number]>[] = [
    { title: "Invited", cell: (row) => row.email },
    { title: "As", cell: (row) => ROLE_NAMES[row.role] },
    { title: "Until", wideOnly: true, cell: (row) => <Instant at={row.expiresAt} exact /> },
    {
      title: "Actions",
      align: "end",
      cell: (row) =>
        mayManage && (
          <Button
            small
            look="quiet"
            aria-label={`Revoke the invitation of ${row.email}`}
            busy={revoke.isPending && revoke.variables === row.id}
            onClick={() => revoke.mutate(row.id)}
          >
            Revoke
          </Button>
        ),
    },
  ];
  return <Table caption="Open invitations" columns={columns} rows={data.items} rowKey={(row) => row.id} />;
}
