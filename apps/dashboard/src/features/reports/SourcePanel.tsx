import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Fragment } from "react";
import type { SummaryRow } from "../../api/contract.ts";
import { NetworkSources } from "../../api/NetworkSources.tsx";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { type ReportFilter, summaryQuery } from "../../api/reports.ts";
import { formatCount } from "../../format/counts.ts";
import { formatNetwork } from "../../format/networks.ts";
import { paths } from "../../paths.ts";
import { Inset } from "../../ui/Inset.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { panelHint, provenColumns } from "./describe-proven.ts";
import { BreakdownChart } from "./LazyCharts.tsx";
import { Narrow } from "./Narrow.tsx";
import styles from "./ResultPanel.module.css";
import type { ReportSearch } from "./read-report-search.ts";
import { sessionColumns } from "./session-columns.tsx";

const MAX_BARS = 10;
const MAX_ADDRESSES = 5;
const SERIES = [
  { key: "successful", name: "Successful", color: "var(--chart-good)" },
  { key: "failed", name: "Failed", color: "var(--chart-bad)" },
];

/** Who reported, and how their sessions ended. */
export function SourcePanel({ range }: { range: ReportFilter }) {
  return (
    <Panel
      flush
      title="Per sending source"
      hint={panelHint("The organisations that sent mail to you and reported about it.", range.trust)}
    >
      <QueryBoundary height={300}>
        <Sources range={range} />
      </QueryBoundary>
    </Panel>
  );
}

function Sources({ range }: { range: ReportFilter }) {
  const { data } = useSuspenseQuery(summaryQuery(range, "source"));
  const navigate = useNavigate();
  const bars = data.items.slice(0, MAX_BARS).map((row) => ({
    key: row.key,
    name: row.title,
    counts: { successful: row.successfulSessions, failed: row.failedSessions },
  }));
  return (
    <>
      <Inset>
        <BreakdownChart
          bars={bars}
          series={SERIES}
          onPick={(source) => void navigate({ to: paths.reportList(), search: { ...range, source } })}
        />
      </Inset>
      <Table
        caption="Sessions per sending source"
        columns={columnsFor(range)}
        rows={data.items}
        rowKey={(row) => row.key}
      />
      <Inset>
        <NetworkSources />
      </Inset>
    </>
  );
}

const columnsFor = (range: ReportFilter): readonly Column<SummaryRow>[] => [
  {
    title: "Source",
    sortBy: (row) => row.title,
    cell: (row) => (
      <>
        <Link to={paths.reportList()} search={{ ...range, source: row.key }} className={styles.name ?? ""}>
          {row.title}
        </Link>
        <Narrow name="source" value={row.key} title={row.title} />
        {row.sendingAddresses.length > 0 && (
          <div className={styles.addresses}>
            Failures from <Addresses row={row} />
          </div>
        )}
      </>
    ),
  },
  {
    title: "Reports",
    align: "end",
    wideOnly: true,
    cell: (row) => (row.reports === null ? "–" : formatCount(row.reports)),
    sortBy: (row) => row.reports,
  },
  ...sessionColumns(range),
  ...provenColumns(range.trust),
];

function Addresses({ row: { sendingAddresses } }: { row: SummaryRow }) {
  const shown = sendingAddresses.slice(0, MAX_ADDRESSES);
  const rest = sendingAddresses.length - shown.length;
  return (
    <>
      {shown.map(({ sendingMtaIp, failedSessions, network }, place) => (
        <Fragment key={sendingMtaIp}>
          {place > 0 && ", "}
          <Link
            to="."
            search={(search: ReportSearch) => ({ ...search, ip: sendingMtaIp })}
            resetScroll={false}
          >
            {sendingMtaIp}
          </Link>{" "}
          ({network && `${formatNetwork(network)}, `}
          {formatCount(failedSessions)})
        </Fragment>
      ))}
      {rest > 0 && ` and ${rest} more`}
    </>
  );
}
