import type { CheckFinding, CheckView } from "../../api/contract.ts";
import { START_TLS_WORDS } from "../../format/start-tls-words.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { HostName } from "../../ui/HostName.tsx";
import { Inset } from "../../ui/Inset.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { describeSigned } from "./describe-signed.ts";
import { FindingList } from "./FindingList.tsx";

type CheckedMx = CheckView["mx"][number];

/** Each mail host: whether the policy allows it, its STARTTLS and certificate, DNSSEC and DANE. */
export function CheckedMxPanel({ check, findings }: { check: CheckView; findings: CheckFinding[] }) {
  return (
    <Panel flush title="Mail hosts" hint="Every host the domain's mail goes to, connected to on port 25.">
      {check.mx.length > 0 ? (
        <Table
          caption="Mail hosts"
          columns={COLUMNS}
          rows={check.mx.map((mx) => ({ ...mx, ...describeSigned(findings, mx.mxHost) }))}
          rowKey={(row) => `${row.preference} ${row.mxHost}`}
        />
      ) : (
        <EmptyState title="No mail hosts" body="The domain names none, or its DNS did not answer." />
      )}
      {findings.length > 0 && (
        <Inset ruled>
          <FindingList label="Findings" findings={findings} />
        </Inset>
      )}
    </Panel>
  );
}

const COLUMNS: readonly Column<CheckedMx & { dnssec: string; dane: string }>[] = [
  {
    title: "Mail host",
    cell: (row) => (
      <code>
        <HostName name={row.mxHost} />
      </code>
    ),
  },
  { title: "Priority", align: "end", wideOnly: true, cell: (row) => row.preference },
  {
    title: "Encryption",
    term: ["starttls", "STARTTLS"],
    cell: (row) => (
      <Status tone={START_TLS_WORDS[row.startTls].tone}>{START_TLS_WORDS[row.startTls].word}</Status>
    ),
  },
  { title: "Policy", cell: (row) => <Covered covered={row.covered} /> },
  { title: "DNSSEC", term: ["dnssec", "DNSSEC"], wideOnly: true, cell: (row) => row.dnssec },
  { title: "DANE", term: ["dane", "DANE"], wideOnly: true, cell: (row) => row.dane },
];

function Covered({ covered }: { covered: boolean | null }) {
  if (covered === null) return <Status tone="idle">No policy</Status>;
  return covered ? <Status tone="good">In policy</Status> : <Status tone="bad">Not in policy</Status>;
}
