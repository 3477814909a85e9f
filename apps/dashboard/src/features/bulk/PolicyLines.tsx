import { useState } from "react";
import type { PolicyLineListView } from "../../api/contract.ts";
import { formatCount, formatCountOf } from "../../format/counts.ts";
import { formatDuration } from "../../format/durations.ts";
import { POLICY_MODE_WORDS } from "../../format/policy-modes.ts";
import { Button } from "../../ui/Button.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";

type Line = PolicyLineListView["items"][number];
type Policy = NonNullable<Line["before"]>;

const SHOWN_ROWS = 50;

/** The refused domains with the reason of each, then all others with what becomes different. */
export function PolicyLines({ lines }: { lines: readonly Line[] }) {
  const refused = lines.filter(({ state }) => state === "refused");
  const others = lines.filter(({ state }) => state !== "refused");
  return (
    <Stack>
      {refused.length > 0 && (
        <Panel
          flush
          title={`${formatCountOf(refused.length, "domain")} refused`}
          hint="These keep their policies."
        >
          <Rows caption="Refused domains" columns={REFUSED} rows={refused} />
        </Panel>
      )}
      {others.length > 0 && (
        <Panel flush title="Domain by domain">
          <Rows caption="Domains of the change" columns={OTHERS} rows={others} />
        </Panel>
      )}
    </Stack>
  );
}

function Rows({
  caption,
  columns,
  rows,
}: {
  caption: string;
  columns: readonly Column<Line>[];
  rows: readonly Line[];
}) {
  const [shown, setShown] = useState(SHOWN_ROWS);
  return (
    <Table
      caption={caption}
      columns={columns}
      rows={rows.slice(0, shown)}
      rowKey={({ place }) => String(place)}
      footer={
        shown < rows.length && (
          <Button onClick={() => setShown((count) => count + 200)}>
            {`Show more of ${formatCount(rows.length)}`}
          </Button>
        )
      }
    />
  );
}

const DOMAIN: readonly Column<Line>[] = [
  { title: "Domain", cell: ({ domain }) => domain },
  { title: "Customer", wideOnly: true, cell: ({ customer }) => customer ?? "My account" },
];

const REFUSED: readonly Column<Line>[] = [...DOMAIN, { title: "Why", cell: ({ reason }) => reason }];

const OTHERS: readonly Column<Line>[] = [
  ...DOMAIN,
  { title: "Change", cell: ({ before, after }) => before && after && describeDifference(before, after) },
  {
    title: "State",
    cell: ({ state, version }) => {
      if (state === "applied") return <Status tone="good">{`Version ${version}`}</Status>;
      if (state === "unchanged") return <Status tone="idle">As wanted already</Status>;
      return state === "stopped" ? (
        <Status tone="idle">Left as it was</Status>
      ) : (
        <Status tone="idle">Ready</Status>
      );
    },
  },
];

function describeDifference(before: Policy, after: Policy): string {
  const added = after.mx.filter((pattern) => !before.mx.includes(pattern));
  const removed = before.mx.filter((pattern) => !after.mx.includes(pattern));
  const parts = [
    before.mode !== after.mode &&
      `${POLICY_MODE_WORDS[before.mode].name} → ${POLICY_MODE_WORDS[after.mode].name}`,
    before.maxAgeSeconds !== after.maxAgeSeconds &&
      `${formatDuration(before.maxAgeSeconds)} → ${formatDuration(after.maxAgeSeconds)}`,
    added.length > 0 && `+ ${added.join(", ")}`,
    removed.length > 0 && `− ${removed.join(", ")}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join("; ") : "Nothing";
}
