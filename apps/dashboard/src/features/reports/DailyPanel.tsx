import { Link, useNavigate } from "@tanstack/react-router";
import { explainResultType } from "@waxseal/tls-rpt";
import type { SummaryRow, SummaryView } from "../../api/contract.ts";
import type { ReportFilter } from "../../api/reports.ts";
import { formatCount } from "../../format/counts.ts";
import { formatWeekday } from "../../format/utc-days.ts";
import { paths } from "../../paths.ts";
import { Details } from "../../ui/Details.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { ToggleLinks } from "../../ui/ToggleLinks.tsx";
import { panelHint, provenColumns } from "./describe-proven.ts";
import { SessionsChart } from "./LazyCharts.tsx";
import type { ReportSearch } from "./read-report-search.ts";
import { resultColor } from "./result-colors.ts";

// A link is current when the whole address is the same, not only a part of it.
const EXACT = { exact: true };

const ALL_SERIES = [
  { key: "successful", name: "Successful", color: "var(--chart-good)" },
  { key: "failed", name: "Failed", color: "var(--chart-bad)" },
];

type Props = { summary: SummaryView; show: ReportSearch["show"]; range: ReportFilter };

/** Sessions day by day: all of them, or only the failures by result, on their own scale. */
export function DailyPanel({ summary, show, range }: Props) {
  const days = summary.items.map((row) => ({
    day: row.key,
    isGap: !row.hasReports,
    counts: { successful: row.successfulSessions, failed: row.failedSessions, ...row.byResult },
  }));
  const navigate = useNavigate();
  const isEmpty = show === "failures" && summary.totals.failedSessions === 0;
  return (
    <Panel
      title="Sessions per day"
      hint={panelHint("Each day is a UTC day, as senders report it.", range.trust)}
      actions={
        <ToggleLinks label="What is shown">
          <Link to="." search={({ show: _, ...rest }: ReportSearch) => rest} activeOptions={EXACT} replace>
            All sessions
          </Link>
          <Link
            to="."
            search={(search: ReportSearch) => ({ ...search, show: "failures" })}
            activeOptions={EXACT}
            replace
          >
            Failures only
          </Link>
        </ToggleLinks>
      }
    >
      {isEmpty && <p>No session failed in these days.</p>}
      <SessionsChart
        days={days}
        series={show === "failures" ? failureSeries(summary.items) : ALL_SERIES}
        height={240}
        onPick={(day) => void navigate({ to: paths.reportList(), search: ofDay(day, range) })}
      />
      <Details title="Show the numbers by day">
        <Table
          caption="Sessions per day"
          columns={columnsFor(range)}
          rows={summary.items.toReversed()}
          rowKey={(row) => row.key}
        />
      </Details>
    </Panel>
  );
}

function ofDay(day: string, filter: ReportFilter): ReportFilter {
  return { ...filter, from: day, to: day };
}

const columnsFor = (range: ReportFilter): readonly Column<SummaryRow>[] => [
  {
    title: "Day (UTC)",
    cell: (row) =>
      row.hasReports ? (
        <Link to={paths.reportList()} search={ofDay(row.key, range)}>
          {formatWeekday(row.key)}
        </Link>
      ) : (
        formatWeekday(row.key)
      ),
  },
  {
    title: "Successful",
    align: "end",
    cell: (row) => (row.hasReports ? formatCount(row.successfulSessions) : "no report"),
  },
  {
    title: "Failed",
    align: "end",
    cell: (row) => (row.hasReports ? formatCount(row.failedSessions) : "no report"),
  },
  ...provenColumns(range.trust),
];

function failureSeries(rows: readonly SummaryRow[]) {
  const totals = new Map<string, number>();
  for (const [resultType, sessions] of rows.flatMap((row) => Object.entries(row.byResult))) {
    totals.set(resultType, (totals.get(resultType) ?? 0) + sessions);
  }
  return [...totals]
    .toSorted(([, a], [, b]) => b - a)
    .map(([key]) => ({ key, name: explainResultType(key).title, color: resultColor(key) }));
}
