import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import { meQuery } from "../../api/account.ts";
import type { CustomerReportsView } from "../../api/contract.ts";
import { customerReportsQuery } from "../../api/customers.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Sparkline } from "../../ui/Sparkline.tsx";
import { Stats } from "../../ui/Stats.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { PeriodFields } from "./PeriodFields.tsx";
import filters from "./ReportFilters.module.css";
import { type ReportSearch, rangeOf, readReportSearch } from "./read-report-search.ts";

/** What reports say of each customer, and of all of them together. */
export function CustomerReportsPage() {
  const search = readReportSearch(useSearch({ strict: false }));
  return (
    <>
      <PageHeader
        title="Customer reports"
        lead="What senders say about the mail they deliver to you and to each of your customers. Reports whose sender is proven count."
        above={
          <Link to={paths.customers()}>
            <Icon name="back" size={14} />
            Customers
          </Link>
        }
        actions={
          <>
            <Link to={paths.monthlyReport()} className={buttonClass()}>
              Monthly report
            </Link>
            <Link to={paths.portfolio()} className={buttonClass()}>
              All domains
            </Link>
          </>
        }
      />
      <Stack>
        <search className={filters.filters}>
          <PeriodFields search={search} />
        </search>
        <QueryBoundary height={420}>
          <Figures search={search} />
        </QueryBoundary>
      </Stack>
    </>
  );
}

function Figures({ search }: { search: ReportSearch }) {
  const { data } = useSuspenseQuery(customerReportsQuery(rangeOf(search, new Date())));
  const { data: me } = useSuspenseQuery(meQuery);
  const { totals, items, from, to } = data;
  const period = { from, to };
  if (items.length < 2) {
    return (
      <EmptyState
        minHeight={320}
        title="No customer yet"
        body="Once you manage customers, the figures of each are here."
      />
    );
  }
  return (
    <>
      <Panel title="All together" hint={`${formatDay(from)} to ${formatDay(to)}, UTC`}>
        <Stats
          items={[
            { name: "Successful", value: formatShare(totals.successShare) },
            { name: "Sessions", value: formatCount(totals.sessions) },
            { name: "Failed sessions", value: formatCount(totals.failedSessions) },
            {
              name: "Failing domains",
              value: formatCount(totals.failingDomains),
              note: `now, of ${formatCount(totals.domains)}`,
            },
          ]}
        />
      </Panel>
      <Panel flush title="By customer" hint="Most failed sessions first. Select a column to sort by it.">
        <Table
          caption="Reports by customer"
          columns={columnsOf(me?.account.name ?? "This account", period)}
          rows={items.toSorted((a, b) => b.failedSessions - a.failedSessions)}
          rowKey={({ accountId }) => accountId}
          stacked
          footer={`${formatCountOf(items.length, "account")}: ${formatCountOf(totals.domains, "domain")}, ${formatCount(totals.failingDomains)} failing; ${formatShare(totals.successShare)} of ${formatCountOf(totals.sessions, "session")} successful.`}
        />
      </Panel>
    </>
  );
}

type Item = CustomerReportsView["items"][number];

function columnsOf(ownName: string, period: { from: string; to: string }): readonly Column<Item>[] {
  const nameOf = ({ customer }: Item) => customer ?? `${ownName} (this account)`;
  return [
    {
      title: "Customer",
      sortBy: nameOf,
      cell: (row) => (
        <Link to={paths.reports()} params={{ account: row.accountId }} search={period}>
          {nameOf(row)}
        </Link>
      ),
    },
    {
      title: "Successful",
      sortBy: (row) => row.successShare,
      cell: (row) =>
        row.sessions === 0 ? (
          "No reports"
        ) : (
          <>
            <Sparkline days={row.days.slice(-SHOWN_DAYS)} /> {formatShare(row.successShare)}
          </>
        ),
    },
    {
      title: "Sessions",
      align: "end",
      sortBy: (row) => row.sessions,
      cell: (row) => formatCount(row.sessions),
    },
    {
      title: "Failed sessions",
      align: "end",
      sortBy: (row) => row.failedSessions,
      cell: (row) => formatCount(row.failedSessions),
    },
    {
      title: "Failing domains",
      align: "end",
      sortBy: (row) => row.failingDomains,
      cell: (row) => `${formatCount(row.failingDomains)} of ${formatCount(row.domains)}`,
    },
    {
      title: "Last report",
      sortBy: (row) => row.lastDay,
      cell: (row) => (row.lastDay ? formatDay(row.lastDay) : "–"),
    },
  ];
}

/** More bars than these are too thin to see. */
const SHOWN_DAYS = 30;
