import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import { useDeferredValue, useState } from "react";
import { ActionButton, OnlyFor } from "../../api/ActionButton.tsx";
import { meQuery } from "../../api/account.ts";
import type { CustomerView } from "../../api/contract.ts";
import { customersQuery } from "../../api/customers.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { ReportShare } from "../../api/ReportShare.tsx";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { AddCustomerDialog } from "./AddCustomerDialog.tsx";

export function CustomersPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [q, setQ] = useState("");
  const wanted = useDeferredValue(q);
  if (!me) return null;
  return (
    <>
      <PageHeader
        title="Customers"
        actions={
          <>
            <Link to={paths.instructions()} className={buttonClass()}>
              DNS instructions
            </Link>
            <Link to={paths.customerReports()} className={buttonClass()}>
              Reports
            </Link>
            <Link to={paths.portfolio()} className={buttonClass()}>
              All domains
            </Link>
            <ActionButton
              needs="customers.manage"
              icon="plus"
              look="primary"
              onClick={() => setIsAdding(true)}
            >
              Add a customer
            </ActionButton>
          </>
        }
      />
      <Stack>
        <TextField
          label="Search customers and domains"
          hideLabel
          type="search"
          placeholder="Search customers and domains"
          value={q}
          onChange={setQ}
        />
        <Panel flush title={`Managed by ${me.account.name}`} hint="Those that need attention first.">
          <QueryBoundary height={320}>
            <Customers q={wanted} />
          </QueryBoundary>
        </Panel>
      </Stack>
      {isAdding && <AddCustomerDialog onClose={() => setIsAdding(false)} />}
    </>
  );
}

function CustomerHealth({ row }: { row: CustomerView }) {
  if (row.mailFailing > 0) return <Status tone="bad">{`${formatCount(row.mailFailing)} failing`}</Status>;
  if (row.attention > 0)
    return (
      <Status tone="notice">
        {row.attention === 1 ? "1 needs attention" : `${formatCount(row.attention)} need attention`}
      </Status>
    );
  if (row.settingUp > 0) return <Status tone="working">{`${formatCount(row.settingUp)} setting up`}</Status>;
  return row.good > 0 ? <Status tone="good">Good</Status> : <Status tone="idle">No domain</Status>;
}

function Customers({ q }: { q: string }) {
  const { data } = useSuspenseQuery(customersQuery(q));
  if (data.items.length === 0) {
    return q ? (
      <EmptyState minHeight={320} title="No customer matches" body="Try another search." />
    ) : (
      <EmptyState
        minHeight={320}
        title="No customer yet"
        body="A customer is an account of its own that you manage: you and your colleagues work in it with the role you have here. Customers see neither you nor each other."
      />
    );
  }
  return (
    <Table
      caption="Customers"
      columns={COLUMNS}
      rows={data.items}
      rowKey={(row) => row.id}
      footer={describeTotals(data.items)}
    />
  );
}

function describeTotals(rows: readonly CustomerView[]): string {
  const sum = (count: (row: CustomerView) => number) => rows.reduce((all, row) => all + count(row), 0);
  const sessions = sum(({ reports }) => reports?.sessions ?? 0);
  const failed = sum(({ reports }) => reports?.failedSessions ?? 0);
  const domains = `${formatCountOf(rows.length, "customer")}: ${formatCountOf(
    sum((row) => row.domains),
    "domain",
  )}, ${formatCount(sum((row) => row.mailFailing))} failing`;
  if (sessions === 0) return `${domains}.`;
  return `${domains}; ${formatShare((sessions - failed) / sessions)} of ${formatCountOf(sessions, "session")} successful in 14 days.`;
}

const COLUMNS: readonly Column<CustomerView>[] = [
  {
    title: "Customer",
    sortBy: (row) => row.name,
    cell: (row) => (
      <Link to={paths.portfolio()} search={{ accountId: row.id }}>
        {row.name}
      </Link>
    ),
  },
  { title: "Domains", align: "end", sortBy: (row) => row.domains, cell: (row) => formatCount(row.domains) },
  {
    title: "Health",
    sortBy: (row) => 2_000 - row.mailFailing * 1_000 - row.attention,
    cell: (row) => <CustomerHealth row={row} />,
  },
  {
    title: "Failing domains",
    align: "end",
    wideOnly: true,
    sortBy: (row) => row.mailFailing,
    cell: (row) => formatCount(row.mailFailing),
  },
  {
    title: "Successful, 14 days",
    wideOnly: true,
    sortBy: (row) => row.reports?.successShare ?? null,
    cell: (row) => <ReportShare reports={row.reports} />,
  },
  {
    title: "Sessions",
    align: "end",
    wideOnly: true,
    sortBy: (row) => row.reports?.sessions ?? null,
    cell: (row) => (row.reports ? formatCount(row.reports.sessions) : "–"),
  },
  {
    title: "Last report",
    wideOnly: true,
    sortBy: (row) => row.reports?.lastDay ?? null,
    cell: (row) => (row.reports?.lastDay ? formatDay(row.reports.lastDay) : "–"),
  },
  {
    title: "Actions",
    align: "end",
    cell: (row) => (
      <Row>
        <Link
          to={paths.instructions()}
          search={{ accountId: row.id }}
          className={buttonClass("secondary", true)}
          aria-label={`DNS instructions for ${row.name}`}
        >
          Instructions
        </Link>
        <Link
          to={paths.domains()}
          params={{ account: row.id }}
          className={buttonClass("secondary", true)}
          aria-label={`Open ${row.name}`}
        >
          Open
        </Link>
        <OnlyFor needs="account.manage">
          <Link
            to={paths.accountSettings()}
            params={{ account: row.id }}
            className={buttonClass("secondary", true)}
            aria-label={`Rename or delete ${row.name}`}
          >
            Rename or delete
          </Link>
        </OnlyFor>
      </Row>
    ),
  },
];
