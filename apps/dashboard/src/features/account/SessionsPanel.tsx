import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { endOtherSessions, endSession, sessionsQuery } from "../../api/sessions.ts";
import { Button } from "../../ui/Button.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { type Fold, foldSessions } from "./fold-sessions.ts";

/** Where one is signed in, and signing out there. */
export function SessionsPanel() {
  return (
    <Panel
      flush
      title="Your sessions"
      hint="Where you are signed in. Sign out any session you don't recognise."
    >
      <QueryBoundary height={120}>
        <Sessions />
      </QueryBoundary>
    </Panel>
  );
}

function Sessions() {
  const { data } = useSuspenseQuery(sessionsQuery);
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ["sessions"] });
  const end = useMutation({
    mutationFn: async ({ ids }: { ids: readonly string[] }) => {
      for (const id of ids) await endSession(id);
    },
    onSettled: onSuccess,
  });
  const endOthers = useMutation({ mutationFn: endOtherSessions, onSuccess });
  const error = end.error ?? endOthers.error;
  const columns: readonly Column<Fold>[] = [
    ...COLUMNS,
    {
      title: "Actions",
      align: "end",
      cell: (row) =>
        row.isThisOne ? (
          <Status tone="good">This device</Status>
        ) : (
          <Button
            small
            look="quiet"
            aria-label={`${nameOfEnd(row)} ${row.ids.length > 1 ? "sessions on" : "of"} ${row.device ?? "the unknown device"}`}
            busy={end.isPending && end.variables.ids[0] === row.id}
            onClick={() => end.mutate(row)}
          >
            {nameOfEnd(row)}
          </Button>
        ),
    },
  ];
  return (
    <>
      {error && (
        <Notice tone="bad" live>
          {errorText(error)}
        </Notice>
      )}
      <Table
        caption="Your sessions"
        columns={columns}
        rows={foldSessions(data.items)}
        rowKey={(row) => row.id}
        footer={
          data.items.length > 1 && (
            <Button busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
              Sign out everywhere else
            </Button>
          )
        }
      />
    </>
  );
}

function nameOfEnd({ ids }: Fold): string {
  return ids.length > 1 ? `Sign out of ${ids.length}` : "Sign out";
}

const METHODS = { password: "Password", passkey: "Passkey", sso: "Single sign-on" } satisfies Record<
  Fold["by"],
  string
>;

const COLUMNS: readonly Column<Fold>[] = [
  {
    title: "Device",
    cell: (row) =>
      `${row.device ?? "Unknown device"}${row.ids.length > 1 ? ` (${row.ids.length} sessions)` : ""}`,
  },
  { title: "Address", wideOnly: true, cell: (row) => row.address ?? "–" },
  { title: "By", wideOnly: true, cell: (row) => METHODS[row.by] },
  { title: "Signed in", wideOnly: true, cell: (row) => <Instant at={row.signedInAt} /> },
  { title: "Last seen", cell: (row) => <Instant at={row.lastSeenAt} /> },
];
