import { useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { type IncidentState, incidentsQuery } from "../../api/alerts.ts";
import type { IncidentView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { stateOf } from "../../api/severity-words.ts";
import { formatCountOf } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { ToggleLinks } from "../../ui/ToggleLinks.tsx";

const STATES: readonly { state: IncidentState; name: string }[] = [
  { state: "open", name: "Open" },
  { state: "resolved", name: "Resolved" },
];

/** What is wrong now, or was: one entry for each cause, however many domains have it. */
export function AlertsPage() {
  const { state = "open" }: { state?: IncidentState } = useSearch({ strict: false });
  return (
    <>
      <PageHeader
        title="Alerts"
        lead="One entry for each cause, with all domains that have it."
        actions={
          <Link to={paths.notifications()} className={buttonClass()}>
            Notification settings
          </Link>
        }
      />
      <Stack>
        <ToggleLinks label="Which alerts">
          {STATES.map((one) => (
            <Link
              key={one.state}
              to={paths.alerts()}
              search={{ state: one.state }}
              aria-current={one.state === state ? "page" : undefined}
            >
              {one.name}
            </Link>
          ))}
        </ToggleLinks>
        <Panel flush title={state === "open" ? "Open alerts" : "Resolved alerts"} hint="Newest first.">
          <QueryBoundary height={280}>
            <Incidents state={state} />
          </QueryBoundary>
        </Panel>
      </Stack>
    </>
  );
}

function Incidents({ state }: { state: IncidentState }) {
  const query = useSuspenseInfiniteQuery(incidentsQuery(state));
  const incidents = query.data.pages.flatMap(({ items }) => items);
  if (incidents.length === 0) {
    return state === "open" ? (
      <EmptyState
        minHeight={280}
        title="No open alerts"
        body="When mail is at risk, it appears here, and owners and admins get a mail."
      />
    ) : (
      <EmptyState minHeight={280} title="No resolved alerts" body="Alerts that are over appear here." />
    );
  }
  return (
    <Table caption="Alerts" columns={COLUMNS} rows={incidents} rowKey={({ id }) => id} stacked more={query} />
  );
}

const COLUMNS: readonly Column<IncidentView>[] = [
  {
    title: "Alert",
    cell: ({ id, title }) => <Link to={paths.alert({ incidentId: id })}>{title}</Link>,
  },
  {
    title: "State",
    cell: (incident) => {
      const { word, tone } = stateOf(incident);
      return <Status tone={tone}>{word}</Status>;
    },
  },
  {
    title: "Domains",
    cell: ({ domains, domainCount }) =>
      domainCount > 1 ? formatCountOf(domainCount, "domain") : (domains[0]?.domain ?? "–"),
  },
  {
    title: "Since",
    cell: ({ openedAt }) => <Instant at={openedAt} />,
  },
];
