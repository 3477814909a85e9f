import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { formatHour } from "@waxseal/contract/format-instant";
import type { DomainView, FetchSummaryView } from "../../api/contract.ts";
import { domainQuery, fetchesQuery } from "../../api/domains.ts";
import { NetworkSources } from "../../api/NetworkSources.tsx";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { formatNetwork } from "../../format/networks.ts";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Inset } from "../../ui/Inset.tsx";

import { Row, Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Stats } from "../../ui/Stats.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { Text } from "../../ui/Text.tsx";
import { ToggleLinks } from "../../ui/ToggleLinks.tsx";
import { FetchTimeline } from "./FetchTimeline.tsx";
import { FETCH_PERIODS, type FetchPeriod, readFetchPeriod } from "./read-fetch-period.ts";
import { SendersPanel } from "./SendersPanel.tsx";

const PERIOD_WORDS = { day: "24 hours", month: "30 days" } satisfies Record<FetchPeriod, string>;

/** Who fetched the policy, which version they hold at most, and which handshakes failed. */
export function FetchesPage() {
  const { domainId = "" } = useParams({ strict: false });
  const { period = "day" } = readFetchPeriod(useSearch({ strict: false }));
  const { data: domain } = useSuspenseQuery(domainQuery(domainId));
  return (
    <Stack>
      <Row gap={4}>
        <ToggleLinks label="Period">
          {(["day", "month"] as const).map((key) => (
            <Link
              key={key}
              to={paths.fetches({ domainId })}
              search={{ period: key }}
              activeProps={{}}
              activeOptions={{ exact: true }}
              aria-current={key === period ? "page" : undefined}
            >
              {`Last ${PERIOD_WORDS[key]}`}
            </Link>
          ))}
        </ToggleLinks>
        <Text tone="soft" small>
          Senders fetch the policy when its id changes and when theirs has run out. Clients are kept as
          networks, by the hour, for 30 days.
        </Text>
      </Row>
      <QueryBoundary height={420}>
        <Fetches domain={domain} period={period} />
      </QueryBoundary>
    </Stack>
  );
}

function Fetches({ domain, period }: { domain: DomainView; period: FetchPeriod }) {
  const { data } = useSuspenseQuery(fetchesQuery(domain.id, FETCH_PERIODS[period]));
  const { totals } = data;
  return (
    <>
      <Stats
        items={[
          { name: "Policy downloads", value: formatCount(totals.served), note: "answered with the policy" },
          { name: "Client networks", value: formatCount(totals.networks), note: "each a /24 or /48" },
          {
            name: "Other requests",
            value: formatCount(totals.refused),
            note: "not answered with the policy",
          },
          {
            name: "Failed handshakes",
            value: formatCount(totals.handshakeFailures),
            note: "no TLS, no policy",
          },
        ]}
      />
      {totals.served > 0 && (
        <FetchTimeline timeline={data.timeline} newest={domain.policy?.version} isHourly={period === "day"} />
      )}
      <VersionsPanel domain={domain} data={data} period={period} />
      <SendersPanel data={data} />
      <NetworksPanel data={data} period={period} />
      <FailuresPanel data={data} />
    </>
  );
}

type PanelProps = { data: FetchSummaryView; period: FetchPeriod };

function VersionsPanel({ domain, data, period }: PanelProps & { domain: DomainView }) {
  const current = domain.policy?.version;
  return (
    <Panel
      flush
      title="By version"
      hint="Downloads per version, and networks that have not fetched a newer one yet."
    >
      {data.versions.length === 0 ? (
        <EmptyState
          title={`No downloads in the last ${PERIOD_WORDS[period]}`}
          body={
            domain.status === "active"
              ? "Senders ask when they next have mail for this domain, and large ones look for a policy about once a day."
              : "Senders can fetch it once the domain is active."
          }
        />
      ) : (
        <Table
          caption="Downloads by version"
          columns={versionColumns(current)}
          rows={data.versions}
          rowKey={(row) => `${row.version}`}
        />
      )}
    </Panel>
  );
}

function versionColumns(
  current: number | undefined,
): readonly Column<FetchSummaryView["versions"][number]>[] {
  return [
    {
      title: "Version",
      cell: (row) => (
        <>
          {row.version} {row.version === current && <Status tone="good">Newest</Status>}
        </>
      ),
    },
    { title: "Downloads", align: "end", cell: (row) => formatCount(row.served) },
    { title: "Share", align: "end", cell: (row) => formatShare(row.share) },
    {
      title: "Newest seen by",
      align: "end",
      cell: (row) => formatCountOf(row.networks, "network"),
    },
    { title: "Last fetched", wideOnly: true, cell: (row) => <Hour at={row.lastHour} /> },
  ];
}

function NetworksPanel({ data, period }: PanelProps) {
  const { networks, totals } = data;
  if (networks.length === 0) return null;
  const hidden = totals.networks - networks.length;
  return (
    <Panel
      flush
      title="By client network"
      hint={`Networks that downloaded the policy in the last ${PERIOD_WORDS[period]}, most downloads first.`}
    >
      <Table
        caption="Downloads by client network"
        columns={NETWORK_COLUMNS}
        rows={networks}
        rowKey={(row) => row.network}
        footer={hidden > 0 && `${formatCountOf(hidden, "network")} with fewer downloads`}
      />
      <Inset ruled>
        <NetworkSources />
      </Inset>
    </Panel>
  );
}

const UNNAMED_NETWORKS: Record<string, string> = {
  other: "Further networks, beyond what one server keeps apart in an hour",
  unknown: "Address not known",
};

const NETWORK_COLUMNS: readonly Column<FetchSummaryView["networks"][number]>[] = [
  {
    title: "Network",
    cell: (row) => {
      const unnamed = UNNAMED_NETWORKS[row.network];
      if (unnamed) return unnamed;
      return (
        <>
          {row.owner ? formatNetwork(row.owner) : "Owner not known"}
          <div>
            <code>{row.network}</code>
          </div>
        </>
      );
    },
  },
  { title: "Downloads", align: "end", cell: (row) => formatCount(row.fetches) },
  { title: "Newest version", align: "end", cell: (row) => row.newestVersion },
  { title: "Last fetched", wideOnly: true, cell: (row) => <Hour at={row.lastHour} /> },
];

function FailuresPanel({ data }: { data: FetchSummaryView }) {
  return (
    <Panel
      flush
      title="Failed handshakes"
      hint="Connections for this policy host that ended before a policy could be asked for."
    >
      {data.handshakeFailures.length === 0 ? (
        <EmptyState title="None" body="Every client that asked for this name agreed on TLS with us." />
      ) : (
        <Table
          caption="Failed handshakes by reason"
          columns={FAILURE_COLUMNS}
          rows={data.handshakeFailures}
          rowKey={(row) => row.reason}
        />
      )}
    </Panel>
  );
}

const FAILURE_COLUMNS: readonly Column<FetchSummaryView["handshakeFailures"][number]>[] = [
  {
    title: "Reason",
    cell: (row) => row.meaning,
  },
  { title: "Count", align: "end", cell: (row) => formatCount(row.failures) },
  { title: "Last seen", wideOnly: true, cell: (row) => <Hour at={row.lastHour} /> },
];

/** Fetches are counted by the hour, so nothing finer is known. */
function Hour({ at }: { at: string }) {
  return <time dateTime={at}>{formatHour(at)}</time>;
}
