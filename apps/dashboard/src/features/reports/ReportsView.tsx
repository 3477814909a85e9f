import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import { type ReactNode, useDeferredValue, useMemo } from "react";
import type { SummaryView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { type AskedTrust, type ReportFilter, summaryQuery } from "../../api/reports.ts";
import { formatCountOf } from "../../format/counts.ts";
import { utcDay } from "../../format/utc-days.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ClusterPanel } from "./ClusterPanel.tsx";
import { periodBefore } from "./compare-periods.ts";
import { DailyPanel } from "./DailyPanel.tsx";
import { describeProven } from "./describe-proven.ts";
import { ExportLinks } from "./ExportLinks.tsx";
import { ReportFilters } from "./ReportFilters.tsx";
import { filterOf, type ReportSearch, readPickedDays, shownTrust } from "./read-report-search.ts";
import { SourceDaysPanel } from "./SourceDaysPanel.tsx";
import { TabPanel } from "./TabPanel.tsx";
import { Totals } from "./Totals.tsx";
import { TrustPanel } from "./TrustPanel.tsx";

type Props = {
  search: ReportSearch;
  /** Set: only this domain, and no domain filter. */
  onlyDomainId?: string;
  emptyAction: ReactNode;
};

/** The reports of a range: totals, per day, per result, per sending source, per mail host, per policy. */
export function ReportsView({ search, onlyDomainId, emptyAction }: Props) {
  const asked = { ...search, ...(onlyDomainId && { domainId: onlyDomainId }) };
  const key = JSON.stringify(filterOf(asked, new Date()));
  const chosen = useMemo<ReportFilter>(() => JSON.parse(key), [key]);
  const range = useDeferredValue(chosen);
  const { from, to } = chosen;
  return (
    <Stack>
      <p className="print-only">
        TLS reports from {formatDay(from)} to {formatDay(to)} (UTC days), printed on{" "}
        {formatDay(utcDay(new Date()))}.
      </p>
      <ReportFilters search={search} hasDomain={onlyDomainId === undefined} defaultTrust="aligned" />
      <div style={{ opacity: range === chosen ? 1 : 0.6 }}>
        <QueryBoundary height={640}>
          <Choice range={range} search={search} emptyAction={emptyAction} />
        </QueryBoundary>
      </div>
    </Stack>
  );
}

type ChoiceProps = { range: ReportFilter; search: ReportSearch; emptyAction: ReactNode };

/** The proven figures unless others are asked for. */
function Choice({ range, search, emptyAction }: ChoiceProps) {
  const { data } = useSuspenseQuery(summaryQuery({ ...range, trust: range.trust ?? "aligned" }, "day"));
  const trust = shownTrust(range, data.totals.byTrust);
  return <Summaries range={{ ...range, trust }} search={search} emptyAction={emptyAction} />;
}

type SummariesProps = ChoiceProps & { range: { trust: AskedTrust } };

function Summaries({ range, search, emptyAction }: SummariesProps) {
  const { data: summary } = useSuspenseQuery(summaryQuery(range, "day"));
  const { totals } = summary;
  const before = usePeriodBefore(range);
  if (totals.reports === 0 && range.trust !== "any" && countReports(totals.byTrust) > 0) {
    return (
      <Panel title={`${formatDay(range.from)} to ${formatDay(range.to)}`}>
        <EmptyState
          minHeight={300}
          title={NO_SUCH_REPORTS[range.trust]}
          body={`This period has ${formatCountOf(countReports(totals.byTrust), "other report")}.`}
          action={
            <Link
              to="."
              search={(all: ReportSearch) => ({ ...all, trust: "any" as const })}
              className={buttonClass()}
            >
              Show all reports
            </Link>
          }
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
      <ProvenNote shown={range.trust} totals={totals} />
      <Totals totals={totals} before={before} range={range} />
      <DailyPanel summary={summary} search={search} range={range} />
      <SourceDaysPanel range={range} look={search.reporters} />
      <QueryBoundary height={640}>
        <BelowChart range={{ ...range, ...readPickedDays(search.days) }} search={search} />
      </QueryBoundary>
    </Stack>
  );
}

/** What the days of the chart, or those picked in it, consist of. */
function BelowChart({
  range,
  search,
}: {
  range: ReportFilter & { trust: AskedTrust };
  search: ReportSearch;
}) {
  const { totals } = useSuspenseQuery(summaryQuery(range, "day")).data;
  return (
    <Stack>
      <TabPanel range={range} tab={search.tab ?? "result"} />
      {totals.failedSessions > 0 && <ClusterPanel range={range} />}
      <TrustPanel range={range} totals={totals} />
      <ExportLinks range={range} />
    </Stack>
  );
}

/** Which reports the figures below count, with a link to the other choice. */
function ProvenNote({ shown, totals }: { shown: AskedTrust; totals: SummaryView["totals"] }) {
  const { tone, sentence, other } = describeProven(shown, totals.byTrust);
  return (
    <Notice tone={tone}>
      <p>
        {sentence}{" "}
        {other && (
          <Link
            to="."
            search={(search: ReportSearch) => ({ ...search, trust: other.trust })}
            resetScroll={false}
          >
            {other.label}
          </Link>
        )}
      </p>
    </Notice>
  );
}

const NO_SUCH_REPORTS = {
  aligned: "No proven report in this period",
  signed: "No report signed by another domain in this period",
  unsigned: "No unsigned report in this period",
};

function countReports({ aligned, signed, unsigned }: SummaryView["totals"]["byTrust"]): number {
  return aligned.reports + signed.reports + unsigned.reports;
}

/** Totals of the period before; undefined until they are there, or without a report in it. */
function usePeriodBefore({ from, to, ...filter }: ReportFilter) {
  const range = { ...periodBefore({ from, to }), ...filter };
  const { data } = useQuery(summaryQuery(range, "day"));
  return data && data.totals.reports > 0 ? data.totals : undefined;
}
