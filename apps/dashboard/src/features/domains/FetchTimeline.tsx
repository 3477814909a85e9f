import { formatDay, formatInstant } from "@waxseal/contract/format-instant";
import type { FetchSummaryView } from "../../api/contract.ts";
import { ColumnChart } from "../../charts/ColumnChart.tsx";
import { formatCount } from "../../format/counts.ts";
import { Details } from "../../ui/Details.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";

type Slot = FetchSummaryView["timeline"][number];
type Props = { timeline: readonly Slot[]; newest: number | undefined; isHourly: boolean };

/** When the policy was fetched, the newest version apart from older ones. */
export function FetchTimeline({ timeline, newest, isHourly }: Props) {
  const nameOf = ({ at }: Slot) => (isHourly ? formatInstant(at) : formatDay(at.slice(0, 10)));
  const rows = timeline.toReversed().filter(({ versions, refused }) => versions.length > 0 || refused > 0);
  return (
    <Panel title={isHourly ? "By hour" : "By UTC day"} hint="How quickly senders picked up each version.">
      <ColumnChart
        columns={timeline.map((slot) => ({
          key: slot.at,
          name: nameOf(slot),
          counts: { newest: countOf(slot, newest), older: sumOf(slot) - countOf(slot, newest) },
        }))}
        series={[
          { key: "newest", name: `Version ${newest ?? "–"}, the newest`, color: "var(--chart-good)" },
          { key: "older", name: "Older versions", color: "var(--chart-2)" },
        ]}
      />
      {rows.length > 0 && (
        <Details title="As a table">
          <Table
            caption={isHourly ? "Downloads by hour" : "Downloads by day"}
            columns={[
              { title: isHourly ? "Hour" : "Day", cell: nameOf },
              { title: "Downloads", align: "end", cell: (slot) => formatCount(sumOf(slot)) },
              ...COLUMNS,
            ]}
            rows={rows}
            rowKey={({ at }) => at}
          />
        </Details>
      )}
    </Panel>
  );
}

const COLUMNS: readonly Column<Slot>[] = [
  {
    title: "By version",
    cell: ({ versions }) =>
      versions.map(({ version, served }) => `${version}: ${formatCount(served)}`).join(", ") || "–",
  },
  { title: "Other requests", align: "end", wideOnly: true, cell: ({ refused }) => formatCount(refused) },
];

function sumOf({ versions }: Slot): number {
  return versions.reduce((sum, { served }) => sum + served, 0);
}

function countOf({ versions }: Slot, version: number | undefined): number {
  return versions.find((one) => one.version === version)?.served ?? 0;
}
