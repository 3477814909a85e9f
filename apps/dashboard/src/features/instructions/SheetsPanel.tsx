import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { SheetListView } from "../../api/contract.ts";
import { endSheet, sheetsQuery } from "../../api/instructions.ts";
import { formatCountOf } from "../../format/counts.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";

type Sheet = SheetListView["items"][number];

/** The links that work now, each with its end; nothing while there are none. */
export function SheetsPanel() {
  const { data } = useSuspenseQuery(sheetsQuery);
  const queryClient = useQueryClient();
  const end = useMutation({
    mutationFn: endSheet,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: sheetsQuery.queryKey }),
  });
  if (data.items.length === 0) return null;
  const columns: readonly Column<Sheet>[] = [
    ...COLUMNS,
    {
      title: "Actions",
      align: "end",
      cell: (row) => (
        <ActionButton
          needs="domains.change"
          hideDenied
          small
          aria-label={`Revoke the link for ${nameOf(row)}`}
          busy={end.isPending && end.variables === row.id}
          onClick={() => end.mutate(row.id)}
        >
          Revoke
        </ActionButton>
      ),
    },
  ];
  return (
    <Panel flush title="Active links" hint="Anyone with a link can see the records until the link expires.">
      <ErrorNotice error={end.error} />
      <Table caption="Active links" columns={columns} rows={data.items} rowKey={({ id }) => id} />
    </Panel>
  );
}

const COLUMNS: readonly Column<Sheet>[] = [
  { title: "For", cell: (row) => nameOf(row) },
  { title: "Mailed to", wideOnly: true, cell: ({ mailedTo }) => mailedTo ?? "–" },
  {
    title: "Made",
    wideOnly: true,
    cell: ({ createdAt, createdBy }) => (
      <>
        {createdBy}, <Instant at={createdAt} />
      </>
    ),
  },
  { title: "Works until", cell: ({ expiresAt }) => <Instant at={expiresAt} exact /> },
];

function nameOf({ subject, chosenDomains }: Sheet): string {
  return subject ?? formatCountOf(chosenDomains, "chosen domain");
}
