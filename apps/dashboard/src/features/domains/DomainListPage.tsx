import { useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import type { DomainSummaryView } from "../../api/contract.ts";
import { type DomainFilter, domainListQuery } from "../../api/domains.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { POLICY_MODE_WORDS } from "../../format/policy-modes.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import styles from "./DomainListPage.module.css";
import { describeDomainStatus } from "./describe-domain-status.ts";
import { readDomainFilter } from "./read-domain-filter.ts";

const STATUS_OPTIONS = [
  { value: "", label: "Any status" },
  { value: "pending", label: "Setting up" },
  { value: "active", label: "Active" },
  { value: "leaving", label: "Turning off" },
  { value: "left", label: "Off" },
];

export function DomainListPage() {
  const filter = readDomainFilter(useSearch({ strict: false }));
  const [typed, setTyped] = useState(filter.q ?? "");
  const navigate = useNavigate();
  const change = (search: DomainFilter) => navigate({ to: paths.domains(), search, replace: true });
  return (
    <>
      <PageHeader
        title="Domains"
        actions={
          <Link to={paths.addDomain()} className={buttonClass("primary")}>
            <Icon name="plus" />
            Add a domain
          </Link>
        }
      />
      <div className={styles.list}>
        <search className={styles.filters}>
          <TextField
            label="Search domains"
            hideLabel
            type="search"
            placeholder="Search domains"
            value={typed}
            onChange={(q) => {
              setTyped(q);
              void change({ ...filter, q });
            }}
          />
          <SelectField
            label="Status"
            hideLabel
            value={filter.status ?? ""}
            options={STATUS_OPTIONS}
            onChange={(status) => void change(readDomainFilter({ ...filter, status }))}
          />
        </search>
        <QueryBoundary height={320}>
          <DomainTable q={filter.q} status={filter.status} />
        </QueryBoundary>
      </div>
    </>
  );
}

function DomainTable({ q, status }: DomainFilter) {
  const filter = { q: useDeferredValue(q), status: useDeferredValue(status) };
  const query = useSuspenseInfiniteQuery(domainListQuery(filter));
  const rows = query.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <NoDomains isFiltered={Boolean(filter.q || filter.status)} />;
  return <Table caption="Domains" columns={COLUMNS} rows={rows} rowKey={(row) => row.id} more={query} />;
}

function NoDomains({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        minHeight={320}
        title="No domain matches"
        body="Search for another part of the name, or show every status."
        action={
          <Link to={paths.domains()} className={buttonClass()}>
            Show all domains
          </Link>
        }
      />
    );
  }
  return (
    <EmptyState
      minHeight={320}
      title="Add your first domain"
      body="We look up its mail hosts, draft a policy in testing mode, and show the three DNS records to publish. Nothing changes for your mail until you say so."
      action={
        <Link to={paths.addDomain()} className={buttonClass("primary")}>
          Add a domain
        </Link>
      }
    />
  );
}

const COLUMNS: readonly Column<DomainSummaryView>[] = [
  {
    title: "Domain",
    cell: (row) => (
      <div className={styles.name}>
        <Link to={paths.domain({ domainId: row.id })}>{row.domain}</Link>
        <span>{row.sentence}</span>
      </div>
    ),
  },
  {
    title: "Policy",
    wideOnly: true,
    cell: (row) => (row.mode ? POLICY_MODE_WORDS[row.mode].name : "–"),
  },
  {
    title: "Status",
    cell: (row) => {
      const { tone, word } = describeDomainStatus(row);
      return <Status tone={tone}>{word}</Status>;
    },
  },
];
