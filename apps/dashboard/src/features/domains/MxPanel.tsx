import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { OnlyFor } from "../../api/ActionButton.tsx";
import { checkQuery } from "../../api/checks.ts";
import type { CheckView, DomainView, MxListView } from "../../api/contract.ts";
import { mxListQuery } from "../../api/domains.ts";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { START_TLS_WORDS } from "../../format/start-tls-words.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { HostName } from "../../ui/HostName.tsx";
import { Inset } from "../../ui/Inset.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status, type Tone } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { Text } from "../../ui/Text.tsx";
import { listMxRows, type MxRow } from "./list-mx-rows.ts";

/** Where the domain's mail goes today, whether the policy allows it, what reports say of it, and on demand its TLS. */
export function MxPanel({ domain }: { domain: DomainView }) {
  const [isProbing, setIsProbing] = useState(false);
  const { data: list } = useQuery(mxListQuery(domain.id));
  const probe = useQuery({ ...checkQuery(domain.domain), enabled: isProbing });
  const isEditable = domain.status === "pending" || domain.status === "active";
  const rows = listMxRows(domain, list);
  return (
    <Panel
      flush
      title="Mail hosts"
      term={["mx", "an MX"]}
      hint={
        <>
          The MX records as they are now, compared with your policy.
          {domain.mxCheckedAt && (
            <>
              {" "}
              Looked up <Instant at={domain.mxCheckedAt} />.
            </>
          )}
        </>
      }
      actions={
        <>
          {domain.mx.length > 0 && (
            <Button
              small
              busy={probe.isFetching}
              onClick={() => (isProbing ? void probe.refetch() : setIsProbing(true))}
            >
              {probe.isFetching ? "Connecting…" : "Test TLS now"}
            </Button>
          )}
          {isEditable && (
            <OnlyFor needs="policies.publish">
              <Link to={paths.policy({ domainId: domain.id })} className={buttonClass("secondary", true)}>
                Edit MX list
              </Link>
            </OnlyFor>
          )}
        </>
      }
    >
      {rows.length > 0 ? (
        <Table
          caption="Mail hosts"
          columns={columnsFor(list, probe.data)}
          rows={rows}
          rowKey={(row) => `${row.state} ${row.preference} ${row.mxHost}`}
          stacked
        />
      ) : (
        <EmptyState
          title={domain.mxCheckedAt ? "No MX records" : "Not looked up yet"}
          body={
            domain.mxCheckedAt
              ? "Without an MX record, mail goes to the domain's own address. List the mail host in the policy yourself."
              : "The mail hosts are looked up with the next check."
          }
        />
      )}
      {(list || probe.error) && (
        <Inset ruled>
          <ErrorNotice error={probe.error} />
          {list && <ReportsNote list={list} domain={domain} />}
        </Inset>
      )}
    </Panel>
  );
}

function ReportsNote({ list, domain }: { list: MxListView; domain: DomainView }) {
  const { reports } = list;
  if (reports.reports === 0) {
    return (
      <Text tone="soft" small>
        No proven reports in the last 30 days, so nothing is known yet of how senders fared with them.
      </Text>
    );
  }
  return (
    <Text tone="soft" small>
      {formatCountOf(reports.reports, "proven report")} of the last 30 days:{" "}
      {formatCountOf(reports.sessions, "session")}, {formatShare(reports.successShare)} successful.
      {list.items.length > 1 &&
        " Senders count successes for the domain, not for each host; they name a host only for failures."}{" "}
      <Link to={paths.domainReports({ domainId: domain.id })}>See the reports</Link>
    </Text>
  );
}

const STATE_WORDS = {
  covered: { tone: "good", word: "In policy" },
  uncovered: { tone: "notice", word: "Not in policy" },
  unneeded: { tone: "idle", word: "In policy, not an MX" },
  former: { tone: "idle", word: "No longer an MX" },
} satisfies Record<MxRow["state"], { tone: Tone; word: string }>;

function columnsFor(list: MxListView | undefined, probe: CheckView | undefined): readonly Column<MxRow>[] {
  const probed = new Map(probe?.mx.map((mx) => [mx.mxHost, mx]));
  return [
    {
      title: "Mail host",
      cell: (row) => (
        <code>
          <HostName name={row.mxHost} />
        </code>
      ),
    },
    { title: "Provider", wideOnly: true, cell: (row) => row.provider ?? "–" },
    { title: "Priority", align: "end", wideOnly: true, cell: (row) => row.preference ?? "–" },
    {
      title: "Policy",
      cell: (row) => <Status tone={STATE_WORDS[row.state].tone}>{STATE_WORDS[row.state].word}</Status>,
    },
    ...(list && list.reports.reports > 0 ? [list.items.length === 1 ? SHARE_COLUMN : FAILED_COLUMN] : []),
    ...(probe
      ? [
          {
            title: "TLS now",
            term: ["starttls", "STARTTLS"] as const,
            cell: (row: MxRow) => <Probed mx={probed.get(row.mxHost)} />,
          },
        ]
      : []),
  ];
}

const FAILED_COLUMN: Column<MxRow> = {
  title: "Failed, 30 days",
  align: "end",
  cell: (row) => (row.failedSessions === null ? "–" : formatCount(row.failedSessions)),
};

const SHARE_COLUMN: Column<MxRow> = {
  title: "Successful, 30 days",
  align: "end",
  cell: (row) =>
    row.successShare === null && row.failedSessions
      ? `${formatCount(row.failedSessions)} failed`
      : formatShare(row.successShare),
};

function Probed({ mx }: { mx: CheckView["mx"][number] | undefined }) {
  if (!mx) return "–";
  const { tone, word } = START_TLS_WORDS[mx.startTls];
  return (
    <>
      <Status tone={tone}>{word}</Status>
      {mx.detail && mx.startTls !== "ok" && <div>{mx.detail}</div>}
    </>
  );
}
