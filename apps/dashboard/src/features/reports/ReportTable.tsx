import { useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { explainResultType } from "@waxseal/tls-rpt";
import type { ReportSummaryView } from "../../api/contract.ts";
import { type ReportFilter, reportListQuery } from "../../api/reports.ts";
import { formatCount } from "../../format/counts.ts";
import { formatWeekday } from "../../format/utc-days.ts";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { HostName } from "../../ui/HostName.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import type { ReportSearch } from "./read-report-search.ts";
import { describeTrust } from "./report-words.ts";

/** The reports that match; each leads to the report and keeps the filter for the way back. */
export function ReportTable({ filter, search }: { filter: ReportFilter; search: ReportSearch }) {
  const query = useSuspenseInfiniteQuery(reportListQuery(filter));
  const rows = query.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) {
    return (
      <EmptyState minHeight={320} title="No report matches" body="Widen the date range or clear a filter." />
    );
  }
  return (
    <Table caption="Reports" columns={columnsFor(search)} rows={rows} rowKey={(row) => row.id} more={query} />
  );
}

const columnsFor = (search: ReportSearch): readonly Column<ReportSummaryView>[] => [
  {
    title: "Report",
    sortBy: (row) => `${row.reporter} ${row.reportDay}`,
    cell: (row) => (
      <>
        <Link to={paths.report({ reportId: row.id })} search={search}>
          {row.reporter}, {formatWeekday(row.reportDay)}
        </Link>
        <div>
          <HostName name={row.domain} />
        </div>
      </>
    ),
  },
  {
    title: "Successful",
    align: "end",
    cell: (row) => formatCount(row.successfulSessions),
    sortBy: (row) => row.successfulSessions,
  },
  {
    title: "Failed",
    align: "end",
    cell: (row) => formatCount(row.failedSessions),
    sortBy: (row) => row.failedSessions,
  },
  {
    title: "Failures",
    wideOnly: true,
    cell: (row) => row.resultTypes.map((resultType) => explainResultType(resultType).title).join(", ") || "–",
  },
  {
    title: "Trust",
    wideOnly: true,
    cell: (row) => <Status tone={describeTrust(row).tone}>{describeTrust(row).word}</Status>,
    sortBy: (row) => describeTrust(row).word,
  },
];
