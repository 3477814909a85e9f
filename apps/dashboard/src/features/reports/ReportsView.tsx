import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { formatDay } from "@waxseal/contract/format-instant";
import { type ReactNode, useDeferredValue, useMemo } from "react";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { type ReportRange, summaryQuery } from "../../api/reports.ts";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { countDays, utcDay } from "../../format/utc-days.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Stats } from "../../ui/Stats.tsx";
import { BreakdownPanels } from "./BreakdownPanels.tsx";
import { ClusterPanel } from "./ClusterPanel.tsx";
import { describeChange, describeShareChange, periodBefore } from "./compare-periods.ts";
import { DailyPanel } from "./DailyPanel.tsx";
import { ExportLinks } from "./ExportLinks.tsx";
import { ReportFilters } from "./ReportFilters.tsx";
import { ResultPanel } from "./ResultPanel.tsx";
import { type ReportSearch, rangeOf } from "./read-report-search.ts";
import { TRUST_WORDS } from "./report-words.ts";
import { SourcePanel } from "./SourcePanel.tsx";
import { TrustPanel } from "./TrustPanel.tsx";

type Props = {
  search: ReportSearch;
  /** Set: only this domain, and no domain filter. */
  onlyDomainId?: string;
  emptyAction: ReactNode;
};

/** The reports of a range: totals, per day, per result, per sending source, per mail host, per policy. */
export function ReportsView({ search, onlyDomainId, emptyAction }: Props) {
  const { from, to } = rangeOf(search, new Date());
  const domainId = onlyDomainId ?? search.domainId;
  const { trust } = search;
  const chosen = useMemo(
    () => ({ from, to, ...(domainId && { domainId }), ...(trust && { trust }) }),
    [from, to, domainId, trust],
  );
  const range = useDeferredValue(chosen);
  return (
    <Stack>
      <p className="print-only">
        TLS reports from {formatDay(from)} to {formatDay(to)} (UTC days), printed on{" "}
        {formatDay(utcDay(new Date()))}.
      </p>
      <ReportFilters search={search} hasDomain={onlyDomainId === undefined} />
      <div style={{ opacity: range === chosen ? 1 : 0.6 }}>
        <QueryBoundary height={640}>
          <Summaries range={range} search={search} emptyAction={emptyAction} />
        </QueryBoundary>
      </div>
    </Stack>
  );
}

type SummariesProps = { range: ReportRange; search: ReportSearch; emptyAction: ReactNode };

function Summaries({ range, search, emptyAction }: SummariesProps) {
  const { data: summary } = useSuspenseQuery(summaryQuery(range, "day"));
  const { totals } = summary;
  const before = usePeriodBefore(range);
  if (totals.reports === 0 && range.trust !== undefined) {
    return (
      <Panel title={`${formatDay(range.from)} to ${formatDay(range.to)}`}>
        <EmptyState
          minHeight={300}
          title={`No such reports in this period: ${TRUST_WORDS[range.trust].toLowerCase()}`}
          body="Show all reports under “Who signed”, or widen the date range."
        />
      </Panel>
    );
  }
  if (totals.reports === 0) {
    return (
      <Panel title={`${formatDay(range.from)} to ${formatDay(range.to)}`}>
        <EmptyState
          minHeight={300}
          title="No reports in these days"
          body="Senders report once a day, about the day before. The first reports come a day or two after the TLS-RPT record is in place."
          action={emptyAction}
        />
      </Panel>
    );
  }
  return (
    <Stack>
      <Stats
        items={[
          {
            name: "Success share",
            value: formatShare(totals.successShare),
            note: describeShareChange(totals.successShare, before?.successShare ?? null) ?? "of all sessions",
          },
          {
            name: "Successful sessions",
            value: formatCount(totals.successfulSessions),
            ...noteOf(before && describeChange(totals.successfulSessions, before.successfulSessions)),
          },
          {
            name: "Failed sessions",
            value: formatCount(totals.failedSessions),
            ...noteOf(before && describeChange(totals.failedSessions, before.failedSessions)),
          },
          {
            name: "Reports",
            value: formatCount(totals.reports),
            note:
              totals.gapDays > 0
                ? `${formatCountOf(totals.gapDays, "day")} of ${countDays(range.from, range.to)} without a report`
                : "one or more on every day",
          },
        ]}
      />
      <ExportLinks range={range} />
      {range.trust === undefined && <TrustPanel range={range} totals={totals} />}
      <DailyPanel summary={summary} show={search.show} range={range} />
      <ResultPanel range={range} />
      <SourcePanel range={range} />
      {totals.failedSessions > 0 && <ClusterPanel range={range} />}
      <BreakdownPanels range={range} />
    </Stack>
  );
}

/** Totals of the period before; undefined until they are there, or without a report in it. */
function usePeriodBefore({ from, to, ...filter }: ReportRange) {
  const range = { ...periodBefore({ from, to }), ...filter };
  const { data } = useQuery(summaryQuery(range, "day"));
  return data && data.totals.reports > 0 ? data.totals : undefined;
}

function noteOf(note: string | undefined): { note?: string } {
  return note === undefined ? {} : { note };
}
