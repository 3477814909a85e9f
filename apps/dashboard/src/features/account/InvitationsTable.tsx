import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { mayDo, type Role } from "@waxseal/contract/permissions";
import { ActionButton } from "../../api/ActionButton.tsx";
import { invitationsQuery, resendInvitation, revokeInvitation } from "../../api/account.ts";
import type { InvitationListView } from "../../api/contract.ts";
import { ROLE_NAMES } from "../../format/roles.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Row } from "../../ui/Layout.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";

type Invitation = InvitationListView["items"][number];

/** Invitations that wait for an answer, and those that expired lately; `role` is that of the person who looks. */
export function InvitationsTable({ role }: { role: Role }) {
  const { data } = useSuspenseQuery(invitationsQuery);
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey });
  const revoke = useMutation({ mutationFn: revokeInvitation, onSettled });
  const resend = useMutation({ mutationFn: resendInvitation, onSettled });
  if (data.items.length === 0) return null;
  const mayAnswer = (row: Invitation) =>
    mayDo(role, "members.manage") && (row.role !== "owner" || role === "owner");
  const columns: readonly Column<Invitation>[] = [
    { title: "Invited", cell: (row) => row.email },
    { title: "As", cell: (row) => ROLE_NAMES[row.role] },
    { title: "By", wideOnly: true, cell: (row) => row.invitedBy?.name ?? "The account" },
    {
      title: "Valid until",
      cell: (row) =>
        row.isExpired ? (
          <Row>
            <Status tone="notice">Expired</Status>
            <Instant at={row.expiresAt} />
          </Row>
        ) : (
          <Instant at={row.expiresAt} exact />
        ),
    },
    {
      title: "Actions",
      align: "end",
      cell: (row) =>
        mayAnswer(row) && (
          <Row>
            <ActionButton
              needs="members.manage"
              hideDenied
              small
              look="quiet"
              aria-label={`Send again to ${row.email}`}
              busy={resend.isPending && resend.variables === row.id}
              onClick={() => resend.mutate(row.id)}
            >
              Send again
            </ActionButton>
            <ActionButton
              needs="members.manage"
              hideDenied
              small
              look="quiet"
              aria-label={`Revoke the invitation of ${row.email}`}
              busy={revoke.isPending && revoke.variables === row.id}
              onClick={() => revoke.mutate(row.id)}
            >
              Revoke
            </ActionButton>
          </Row>
        ),
    },
  ];
  return (
    <>
      <Table caption="Invitations" columns={columns} rows={data.items} rowKey={(row) => row.id} />
      {resend.isSuccess && <p role="status">Sent. The link works for seven days; earlier links are void.</p>}
      <ErrorNotice error={resend.error ?? revoke.error} />
    </>
  );
}
