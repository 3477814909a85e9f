import { formatDay, formatHour } from "@waxseal/contract/format-instant";
import type { FetchSummaryView } from "../../api/contract.ts";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";

type Sender = FetchSummaryView["senders"][number];

/** Who fetches the policy, and which of them report. */
export function SendersPanel({ data }: { data: FetchSummaryView }) {
  return (
    <Panel
      flush
      title="Who uses the policy, and who reports"
      hint={`Senders that download the policy may follow it without ever reporting. ${coverageOf(data)}`}
    >
      {data.senders.length === 0 ? (
        <EmptyState
          title="No known sender in the last 30 days"
          body="Senders appear here once they download the policy from a network whose owner is known, or send a report."
        />
      ) : (
        <Table
          caption="Senders that use the policy"
          columns={COLUMNS}
          rows={data.senders}
          rowKey={({ name, reporter }) => `${name} ${reporter}`}
          stacked
        />
      )}
    </Panel>
  );
}

function coverageOf({ coverage }: FetchSummaryView): string {
  if (coverage === null) return "How much of it reports cover is not known yet.";
  return `In the last 30 days, ${formatShare(coverage)} of the downloads came from senders that report.`;
}

const COLUMNS: readonly Column<Sender>[] = [
  { title: "Sender", cell: ({ name }) => name },
  {
    title: "Downloads",
    align: "end",
    cell: ({ fetches, networks }) =>
      fetches === 0 ? "None seen" : `${formatCount(fetches)} from ${formatCountOf(networks, "network")}`,
  },
  { title: "Last download", wideOnly: true, cell: ({ lastHour }) => (lastHour ? formatHour(lastHour) : "–") },
  { title: "Reports", cell: (row) => <Reports row={row} /> },
];

function Reports({ row: { state, reportDays, lastReportDay, isSilentForAll } }: { row: Sender }) {
  const last = lastReportDay ? formatDay(lastReportDay) : "";
  switch (state) {
    case "reports":
      return <Status tone="good">{`On ${reportDays} of 28 days, last for ${last}`}</Status>;
    case "silent":
      return (
        <Status tone="notice">
          {`Regular until ${last}, ${isSilentForAll ? "then silent for most domains" : "then none for this domain"}`}
        </Status>
      );
    case "never":
      return <Status tone="idle">Never reports</Status>;
    case "unknown":
      return <Status tone="idle">Not available</Status>;
  }
}
