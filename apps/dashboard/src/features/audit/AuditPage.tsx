import { useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo } from "react";
import { AccountFile } from "../../api/AccountFile.tsx";
import { type EventFilter, eventExportPath, eventsQuery } from "../../api/audit-log.ts";
import type { EventView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { addDays } from "../../format/utc-days.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { AuditChange } from "./AuditChange.tsx";
import { AuditDomain } from "./AuditDomain.tsx";
import { AuditFilters } from "./AuditFilters.tsx";
import { readAuditFilter } from "./read-audit-filter.ts";

/** Every change in the account: when, who, what, and what was there before. */
export function AuditPage() {
  const search = readAuditFilter(useSearch({ strict: false }));
  const { actor, kind, domainId, from, to } = search;
  const wanted = useMemo<EventFilter>(
    () => ({
      actor,
      kind,
      domainId,
      from: from && `${from}T00:00:00Z`,
      to: to && `${addDays(to, 1)}T00:00:00Z`,
    }),
    [actor, kind, domainId, from, to],
  );
  const filter = useDeferredValue(wanted);
  return (
    <>
      <PageHeader
        title="Audit log"
        above={
          <Link to={paths.settings()}>
            <Icon name="back" size={14} />
            Settings
          </Link>
        }
        actions={
          <Row>
            <AccountFile className={buttonClass()} path={eventExportPath(wanted, "csv")}>
              CSV
            </AccountFile>
            <AccountFile className={buttonClass()} path={eventExportPath(wanted, "json")}>
              JSON
            </AccountFile>
          </Row>
        }
      />
      <Stack>
        <AuditFilters search={search} />
        <Panel flush title="Changes" hint="Newest first. Times are UTC.">
          <QueryBoundary height={320}>
            <Changes filter={filter} />
          </QueryBoundary>
        </Panel>
      </Stack>
    </>
  );
}

function Changes({ filter }: { filter: EventFilter }) {
  const query = useSuspenseInfiniteQuery(eventsQuery(filter));
  const rows = query.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) {
    return (
      <EmptyState
        minHeight={320}
        title="No change matches"
        body="Leave out a filter, or choose another day."
      />
    );
  }
  return (
    <Table stacked caption="Changes" columns={COLUMNS} rows={rows} rowKey={(row) => row.id} more={query} />
  );
}

const COLUMNS: readonly Column<EventView>[] = [
  { title: "When", cell: (row) => <Instant at={row.at} exact /> },
  {
    title: "Who",
    cell: ({ actor: { kind, name } }) => (kind === "apiKey" ? `API key ${name}` : name),
  },
  { title: "What", cell: (row) => <AuditChange event={row} /> },
  { title: "Domain", cell: (row) => <AuditDomain domainId={row.domainId} /> },
];
