import { Link, useNavigate } from "@tanstack/react-router";
import { explainResultType } from "@waxseal/tls-rpt";
import type { SummaryRow, SummaryView } from "../../api/contract.ts";
import type { ReportFilter } from "../../api/reports.ts";
import { formatCount } from "../../format/counts.ts";
import { formatShortDay, formatWeekday, utcDay } from "../../format/utc-days.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { Details } from "../../ui/Details.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { ToggleLinks } from "../../ui/ToggleLinks.tsx";
import { panelHint, provenColumns } from "./describe-proven.ts";
import { SessionsChart } from "./LazyCharts.tsx";
import { Narrow } from "./Narrow.tsx";
import { isAboutFailures, type ReportSearch, readPickedDays } from "./read-report-search.ts";
import { resultColor } from "./result-colors.ts";
import { useReportMarks } from "./use-report-marks.ts";

/** As the chart: more are shown as weeks. */
const MAX_SINGLE_DAYS = 90;

// A link is current when the whole address is the same, not only a part of it.
const EXACT = { exact: true };

const ALL_SERIES = [
  { key: "successful", name: "Successful", color: "var(--chart-good)" },
  { key: "failed", name: "Failed", color: "var(--chart-bad)" },
];

type Props = { summary: SummaryView; search: ReportSearch; range: ReportFilter };

/** Sessions day by day: all of them, or only the failures by result, on their own scale. Days can be picked for all that is below. */
export function DailyPanel({ summary, search: { show, days: pickedDays }, range }: Props) {
  const days = summary.items.map((row) => ({
    day: row.key,
    isGap: !row.hasReports,
    counts: { successful: row.successfulSessions, failed: row.failedSessions, ...row.byResult },
  }));
  const navigate = useNavigate();
  const { marks, list } = useReportMarks(range);
  const picked = readPickedDays(pickedDays);
  const pick = (chosen: { from: string; to: string } | undefined) =>
    void navigate({
      to: ".",
      search: (search: ReportSearch) => ({ ...search, days: chosen && `${chosen.from}..${chosen.to}` }),
      resetScroll: false,
    });
  const isOnlyFailures = show === "failures" || isAboutFailures(range);
  return (
    <Panel
      title={summary.items.length > MAX_SINGLE_DAYS ? "Sessions per week" : "Sessions per day"}
      term={["session", "a session"]}
      hint={panelHint(
        "Days are UTC days, as senders report them. Click or drag over days to narrow what is below.",
        range.trust,
      )}
      actions={
        <>
          {picked && (
            <Button small icon="cross" onClick={() => pick(undefined)}>
              {`Only ${formatDays(picked)}: show all days`}
            </Button>
          )}
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
        </>
      }
    >
      {isOnlyFailures && summary.totals.failedSessions === 0 && <p>No session failed in these days.</p>}
      <SessionsChart
        days={days}
        series={isOnlyFailures ? failureSeries(summary.items) : ALL_SERIES}
        height={240}
        today={utcDay(new Date())}
        marks={marks}
        picked={picked}
        onPick={pick}
      />
      <Details title="Show the numbers by day">
        <Table
          caption="Sessions per day"
          columns={columnsFor(range)}
          rows={summary.items.toReversed()}
          rowKey={(row) => row.key}
        />
      </Details>
      {list.length > 0 && (
        <Details title={`What changed in these days (${list.length})`}>
          <ul>
            {list.map(({ day, words }) => (
              <li key={`${day} ${words}`}>
                {formatWeekday(day)}: {words}
              </li>
            ))}
          </ul>
        </Details>
      )}
    </Panel>
  );
}

function formatDays({ from, to }: { from: string; to: string }): string {
  return from === to ? formatShortDay(from) : `${formatShortDay(from)} to ${formatShortDay(to)}`;
}

function ofDay(day: string, filter: ReportFilter): ReportFilter {
  return { ...filter, from: day, to: day };
}

const columnsFor = (range: ReportFilter): readonly Column<SummaryRow>[] => [
  {
    title: "Day (UTC)",
    cell: (row) =>
      row.hasReports ? (
        <>
          <Link to={paths.reportList()} search={ofDay(row.key, range)}>
            {formatWeekday(row.key)}
          </Link>
          <Narrow name="days" value={`${row.key}..${row.key}`} title={formatWeekday(row.key)} />
        </>
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
