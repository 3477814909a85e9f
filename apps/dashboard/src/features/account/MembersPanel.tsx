import { useSuspenseQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { mayDo } from "@waxseal/contract/permissions";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { membersQuery } from "../../api/account.ts";
import type { MemberListView, MeView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { ROLE_NAMES } from "../../format/roles.ts";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { ChangeMemberDialog } from "./ChangeMemberDialog.tsx";
import { InvitationsTable } from "./InvitationsTable.tsx";
import { InviteDialog } from "./InviteDialog.tsx";

type Member = MemberListView["items"][number];

export function MembersPanel({ me }: { me: MeView }) {
  const mayManage = mayDo(me.account.role, "members.manage");
  const { invite }: { invite?: true } = useSearch({ strict: false });
  const [isInviting, setIsInviting] = useState(invite === true && mayManage);
  return (
    <Panel
      flush
      title="Members"
      hint={`Who may work in ${me.account.name}.`}
      actions={
        <ActionButton needs="members.manage" icon="plus" onClick={() => setIsInviting(true)}>
          Invite a person
        </ActionButton>
      }
    >
      <QueryBoundary height={120}>
        <Members me={me} mayManage={mayManage} />
        <InvitationsTable role={me.account.role} />
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
          <ActionButton
            needs="members.manage"
            hideDenied
            small
            look="quiet"
            aria-label={`Change ${row.email}`}
            onClick={() => setChosen(row)}
          >
            Change
          </ActionButton>
        ),
    },
  ];
  return (
    <>
      <Table caption="Members" columns={columns} rows={data.items} rowKey={(row) => row.id} />
      {chosen && (
        <ChangeMemberDialog member={chosen} ownRole={me.account.role} onClose={() => setChosen(undefined)} />
      )}
    </>
  );
}
