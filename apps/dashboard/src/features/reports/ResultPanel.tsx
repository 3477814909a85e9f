import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { formatFixOwner } from "@waxseal/contract/monthly-words";
import type { SummaryRow } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { type ReportFilter, summaryQuery } from "../../api/reports.ts";
import { formatCount, formatShare } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { Inset } from "../../ui/Inset.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { panelHint, provenColumns } from "./describe-proven.ts";
import { BreakdownChart } from "./LazyCharts.tsx";
import { Narrow } from "./Narrow.tsx";
import styles from "./ResultPanel.module.css";
import { resultColor } from "./result-colors.ts";

const SUCCESSFUL = "successful";

/** How sessions ended: how many went well, and each kind of failure with who needs to fix it. */
export function ResultPanel({ range }: { range: ReportFilter }) {
  return (
    <Panel
      flush
      title="Per result"
      hint={panelHint(
        "How the sessions ended. The chart shows the failures; the table also lists successful sessions.",
        range.trust,
      )}
    >
      <QueryBoundary height={300}>
        <Results range={range} />
      </QueryBoundary>
    </Panel>
  );
}

function Results({ range }: { range: ReportFilter }) {
  const { data } = useSuspenseQuery(summaryQuery(range, "result"));
  const navigate = useNavigate();
  const failures = data.items.filter((row) => row.key !== SUCCESSFUL);
  const bars = failures.map((row) => ({
    key: row.key,
    name: row.title,
    color: resultColor(row.key),
    counts: { failed: row.failedSessions },
  }));
  return (
    <>
      <Inset>
        {bars.length > 0 ? (
          <BreakdownChart
            bars={bars}
            series={[{ key: "failed", name: "Failed sessions", color: "var(--chart-bad)" }]}
            onPick={(result) => void navigate({ to: paths.reportList(), search: { ...range, result } })}
          />
        ) : (
          <Status tone="good">No session failed in these days</Status>
        )}
      </Inset>
      <Table
        caption="Sessions per result"
        columns={columnsFor(range)}
        rows={data.items}
        rowKey={(row) => row.key}
      />
    </>
  );
}

const sessionsOf = (row: SummaryRow) => row.successfulSessions + row.failedSessions;

function fixOwnerOf({ explanation }: SummaryRow): string | undefined {
  return explanation ? formatFixOwner(explanation.usualOwner) : undefined;
}

const columnsFor = (range: ReportFilter): readonly Column<SummaryRow>[] => [
  {
    title: "Result",
    sortBy: (row) => row.title,
    cell: (row) => (
      <div className={styles.result}>
        <span className={styles.swatch} style={{ background: resultColor(row.key) }} />
        <div>
          {row.key === SUCCESSFUL ? (
            <strong>{row.title}</strong>
          ) : (
            <>
              <Link
                to={paths.reportList()}
                search={{ ...range, result: row.key }}
                className={styles.name ?? ""}
              >
                {row.title}
              </Link>
              <Narrow name="result" value={row.key} title={row.title} />
            </>
          )}
          {row.explanation && (
            <p className={styles.meaning}>
              {row.explanation.meaning} <strong>What to do:</strong> {row.explanation.nextStep}
            </p>
          )}
        </div>
      </div>
    ),
  },
  {
    title: "Who needs to fix it",
    wideOnly: true,
    cell: (row) => fixOwnerOf(row) ?? "–",
    sortBy: (row) => fixOwnerOf(row) ?? null,
  },
  {
    title: "Sessions",
    align: "end",
    cell: (row) => formatCount(sessionsOf(row)),
    sortBy: sessionsOf,
  },
  {
    title: "Share",
    align: "end",
    wideOnly: true,
    cell: (row) => formatShare(row.share),
    sortBy: (row) => row.share,
  },
  ...provenColumns(range.trust),
];
