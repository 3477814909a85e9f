import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { domainIncidentsQuery } from "../../api/alerts.ts";
import type { IncidentView } from "../../api/contract.ts";
import { stateOf } from "../../api/severity-words.ts";
import { paths } from "../../paths.ts";
import { Instant } from "../../ui/Instant.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";

/** The open alerts of a domain; nothing where there are none. */
export function DomainAlerts({ domainId }: { domainId: string }) {
  const { data } = useSuspenseQuery(domainIncidentsQuery(domainId));
  if (data.items.length === 0) return null;
  return (
    <Panel
      flush
      title="Open alerts of this domain"
      hint="Select one to acknowledge it, or to see its history."
    >
      <Table
        caption="Open alerts of this domain"
        columns={COLUMNS}
        rows={data.items}
        rowKey={({ id }) => id}
        stacked
      />
    </Panel>
  );
}

const COLUMNS: readonly Column<IncidentView>[] = [
  {
    title: "Alert",
    cell: ({ id, title }) => <Link to={paths.alert({ incidentId: id })}>{title}</Link>,
  },
  { title: "What to do", cell: ({ action }) => action },
  {
    title: "State",
    cell: (incident) => {
      const { word, tone } = stateOf(incident);
      return <Status tone={tone}>{word}</Status>;
    },
  },
  { title: "Since", cell: ({ openedAt }) => <Instant at={openedAt} /> },
];
