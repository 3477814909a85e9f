import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { explainResultType } from "@waxseal/tls-rpt";
import type { SummaryRow } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { type ReportFilter, summaryQuery } from "../../api/reports.ts";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { HostName } from "../../ui/HostName.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { panelHint, provenColumns } from "./describe-proven.ts";
import { Narrow } from "./Narrow.tsx";
import styles from "./ResultPanel.module.css";
import { sessionColumns } from "./session-columns.tsx";

/** Failed sessions by the mail host they failed at. */
export function MxHostPanel({ range }: { range: ReportFilter }) {
  return (
    <Panel flush title="Per mail host" hint={panelHint("Only failures name a mail host.", range.trust)}>
      <QueryBoundary height={160}>
        <Rows range={range} groupBy="mx" name="Mail host" />
      </QueryBoundary>
    </Panel>
  );
}

/** Sessions by the kind of policy the sender applied. */
export function PolicyTypePanel({ range }: { range: ReportFilter }) {
  return (
    <Panel
      flush
      title="Per policy"
      term={["dane", "DANE"]}
      hint={panelHint("Policy type the sender applied.", range.trust)}
    >
      <QueryBoundary height={160}>
        <Rows range={range} groupBy="policy" name="Policy" />
      </QueryBoundary>
    </Panel>
  );
}

function Rows({ range, groupBy, name }: { range: ReportFilter; groupBy: "mx" | "policy"; name: string }) {
  const { data } = useSuspenseQuery(summaryQuery(range, groupBy));
  if (data.items.length === 0) {
    return groupBy === "mx" ? (
      <EmptyState title="No failure at any mail host" body="No failures in this period." />
    ) : (
      <EmptyState title="Nothing to show" body="The reports of this period do not name a policy." />
    );
  }
  const first: Column<SummaryRow> = {
    title: name,
    sortBy: (row) => row.title,
    cell: (row) => <RowName row={row} range={range} groupBy={groupBy} />,
  };
  const columns = [
    first,
    ...(groupBy === "mx" ? [FAILURES, ...sessionColumns({ ...range, mx: "" })] : sessionColumns(range)),
    ...provenColumns(range.trust),
  ];
  return (
    <Table
      caption={`Sessions per ${name.toLowerCase()}`}
      columns={columns}
      rows={data.items}
      rowKey={(row) => row.key}
    />
  );
}

function RowName({
  row,
  range,
  groupBy,
}: {
  row: SummaryRow;
  range: ReportFilter;
  groupBy: "mx" | "policy";
}) {
  // Failures that name no mail host cannot be asked for.
  if (row.key === "") return row.title;
  return (
    <>
      <Link to={paths.reportList()} search={{ ...range, [groupBy]: row.key }} className={styles.name ?? ""}>
        {groupBy === "mx" ? <HostName name={row.title} /> : row.title}
      </Link>
      <Narrow name={groupBy} value={row.key} title={row.title} />
    </>
  );
}

const FAILURES: Column<SummaryRow> = {
  title: "Failures",
  wideOnly: true,
  cell: (row) =>
    Object.keys(row.byResult)
      .map((resultType) => explainResultType(resultType).title)
      .join(", "),
};
