import { useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { EventView } from "../../api/contract.ts";
import { domainEventsQuery } from "../../api/domains.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";

export function ActivityPage() {
  const { domainId = "" } = useParams({ strict: false });
  return (
    <Panel
      flush
      title="Activity"
      hint="Everything that happened to this domain, newest first."
      actions={
        <Link to={paths.audit()} search={{ domainId }} className={buttonClass("secondary", true)}>
          Show in audit log
        </Link>
      }
    >
      <QueryBoundary height={320}>
        <EventTable domainId={domainId} />
      </QueryBoundary>
    </Panel>
  );
}

function EventTable({ domainId }: { domainId: string }) {
  const query = useSuspenseInfiniteQuery(domainEventsQuery(domainId));
  const rows = query.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) {
    return (
      <EmptyState
        minHeight={320}
        title="Nothing has happened yet"
        body="Changes appear here as they are made."
      />
    );
  }
  return <Table caption="Activity" columns={COLUMNS} rows={rows} rowKey={(row) => row.id} more={query} />;
}

const COLUMNS: readonly Column<EventView>[] = [
  { title: "When", cell: (row) => <Instant at={row.at} exact /> },
  { title: "What", cell: (row) => row.text },
  {
    title: "Who",
    wideOnly: true,
    cell: (row) => (row.actor.kind === "job" ? "Waxseal" : row.actor.name),
  },
];
