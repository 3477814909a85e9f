import { useSuspenseQuery } from "@tanstack/react-query";
import { explainResultType } from "@waxseal/tls-rpt";
import type { SummaryRow } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { type ReportRange, summaryQuery } from "../../api/reports.ts";
import { formatCount, formatShare } from "../../format/counts.ts";
import { Details } from "../../ui/Details.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Inset } from "../../ui/Inset.tsx";
import { Columns } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { panelHint, provenColumns } from "./describe-proven.ts";
import { successShare } from "./success-share.ts";

const SHOWN = 20;

/** The same sessions by mail host and by the kind of policy the sender applied. */
export function BreakdownPanels({ range }: { range: ReportRange }) {
  return (
    <Columns>
      <Panel flush title="Per mail host" hint={panelHint("Only failures name a mail host.", range.trust)}>
        <QueryBoundary height={160}>
          <Rows range={range} groupBy="mx" name="Mail host" />
        </QueryBoundary>
      </Panel>
      <Panel flush title="Per policy" hint={panelHint("Policy type the sender applied.", range.trust)}>
        <QueryBoundary height={160}>
          <Rows range={range} groupBy="policy" name="Policy" />
        </QueryBoundary>
      </Panel>
    </Columns>
  );
}

function Rows({ range, groupBy, name }: { range: ReportRange; groupBy: "mx" | "policy"; name: string }) {
  const { data } = useSuspenseQuery(summaryQuery(range, groupBy));
  if (data.items.length === 0) {
    return groupBy === "mx" ? (
      <EmptyState title="No failure at any mail host" body="No failures in this period." />
    ) : (
      <EmptyState title="Nothing to show" body="The reports of this period do not name a policy." />
    );
  }
  const columns: readonly Column<SummaryRow>[] = [
    { title: name, cell: (row) => row.title },
    ...(groupBy === "mx" ? MX_COLUMNS : POLICY_COLUMNS),
    ...provenColumns(range.trust),
  ];
  const [first, rest] = [data.items.slice(0, SHOWN), data.items.slice(SHOWN)];
  const caption = `Sessions per ${name.toLowerCase()}`;
  return (
    <>
      <Table caption={caption} columns={columns} rows={first} rowKey={(row) => row.key} />
      {rest.length > 0 && (
        <Inset ruled>
          <Details title={`Show ${formatCount(rest.length)} more`}>
            <Table caption={`${caption}, more`} columns={columns} rows={rest} rowKey={(row) => row.key} />
          </Details>
        </Inset>
      )}
    </>
  );
}

// Senders name the mail host of failures only: there is no success to count.
const MX_COLUMNS: readonly Column<SummaryRow>[] = [
  {
    title: "Failures",
    wideOnly: true,
    cell: (row) =>
      Object.keys(row.byResult)
        .map((resultType) => explainResultType(resultType).title)
        .join(", "),
  },
  { title: "Failed", align: "end", cell: (row) => formatCount(row.failedSessions) },
];

const POLICY_COLUMNS: readonly Column<SummaryRow>[] = [
  { title: "Successful", align: "end", cell: (row) => formatCount(row.successfulSessions) },
  { title: "Failed", align: "end", cell: (row) => formatCount(row.failedSessions) },
  { title: "Success share", align: "end", wideOnly: true, cell: (row) => formatShare(successShare(row)) },
];
