import type { SetupRecordView } from "../../api/contract.ts";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { SETUP_STATE_WORDS } from "./describe-domain-status.ts";

/** The three CNAMEs once they are right: nothing to copy any more. */
export function RecordsInPlace({ records }: { records: readonly SetupRecordView[] }) {
  return <Table caption="DNS records" columns={COLUMNS} rows={records} rowKey={(row) => row.kind} />;
}

const COLUMNS: readonly Column<SetupRecordView>[] = [
  { title: "CNAME", cell: (row) => <code>{row.name}</code> },
  { title: "Points to", wideOnly: true, cell: (row) => <code>{row.target}</code> },
  {
    title: "State",
    cell: (row) => (
      <Status tone={SETUP_STATE_WORDS[row.state].tone}>{SETUP_STATE_WORDS[row.state].word}</Status>
    ),
  },
];
