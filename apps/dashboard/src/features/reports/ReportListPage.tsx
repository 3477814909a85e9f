import { useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import { explainResultType } from "@waxseal/tls-rpt";
import { useDeferredValue, useMemo } from "react";
import type { ReportSummaryView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { type ReportFilter, reportListQuery } from "../../api/reports.ts";
import { formatCount } from "../../format/counts.ts";
import { formatWeekday } from "../../format/utc-days.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { ClusterPanel } from "./ClusterPanel.tsx";
import { ReportFilters } from "./ReportFilters.tsx";
import { type ReportSearch, rangeOf, readReportSearch } from "./read-report-search.ts";
import { describeTrust } from "./report-words.ts";

export function ReportListPage() {
  const search = readReportSearch(useSearch({ strict: false }));
  const { domainId, source, result, trust } = search;
  const { from, to } = rangeOf(search, new Date());
  const chosen = useMemo(
    () => ({
      from,
      to,
      ...(domainId && { domainId }),
      ...(source && { source }),
      ...(result && { result }),
      ...(trust && { trust }),
    }),
    [from, to, domainId, source, result, trust],
  );
  const filter = useDeferredValue(chosen);
  return (
    <>
      <PageHeader
        title="List of reports"
        above={
          <Link to={paths.reports()} search={{ ...search, source: undefined, result: undefined }}>
            <Icon name="back" size={14} />
            Reports
          </Link>
        }
      />
      <Stack>
        <ReportFilters search={search} hasDomain defaultTrust="any" />
        <NarrowedBy search={search} />
        {(source || from === to) && (
          <ClusterPanel range={{ from, to, domainId, trust }} source={source} result={result} />
        )}
        <Panel flush title={`${formatDay(from)} to ${formatDay(to)} (UTC)`}>
          <QueryBoundary height={320}>
            <ReportTable filter={filter} />
          </QueryBoundary>
        </Panel>
      </Stack>
    </>
  );
}

function NarrowedBy({ search }: { search: ReportSearch }) {
  if (!search.source && !search.result) return null;
  return (
    <Row>
      {search.source && (
        <Link
          to="."
          search={{ ...search, source: undefined }}
          className={buttonClass("secondary", true)}
          aria-label="Show all sources"
        >
          Source: {search.source} <Icon name="cross" size={12} />
        </Link>
      )}
      {search.result && (
        <Link
          to="."
          search={{ ...search, result: undefined }}
          className={buttonClass("secondary", true)}
          aria-label="Show all results"
        >
          Result: {explainResultType(search.result).title} <Icon name="cross" size={12} />
        </Link>
      )}
    </Row>
  );
}

function ReportTable({ filter }: { filter: ReportFilter }) {
  const query = useSuspenseInfiniteQuery(reportListQuery(filter));
  const rows = query.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) {
    return (
      <EmptyState minHeight={320} title="No report matches" body="Widen the date range or clear a filter." />
    );
  }
  return <Table caption="Reports" columns={COLUMNS} rows={rows} rowKey={(row) => row.id} more={query} />;
}

const COLUMNS: readonly Column<ReportSummaryView>[] = [
  {
    title: "Report",
    cell: (row) => (
      <>
        <Link to={paths.report({ reportId: row.id })}>
          {row.reporter}, {formatWeekday(row.reportDay)}
        </Link>
        <div>{row.domain}</div>
      </>
    ),
  },
  { title: "Successful", align: "end", cell: (row) => formatCount(row.successfulSessions) },
  { title: "Failed", align: "end", cell: (row) => formatCount(row.failedSessions) },
  {
    title: "Failures",
    wideOnly: true,
    cell: (row) => row.resultTypes.map((resultType) => explainResultType(resultType).title).join(", ") || "–",
  },
  {
    title: "Trust",
    wideOnly: true,
    cell: (row) => <Status tone={describeTrust(row).tone}>{describeTrust(row).word}</Status>,
  },
];
