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

const CHANGE: Column<Line> = {
  title: "Now → then",
  cell: ({ before, after }) => before && after && describeDifference(before, after),
};

/** What was known when the change was prepared; only domains that enforce have it. */
const ASSESSED: readonly Column<Line>[] = [
  {
    title: "Would be refused",
    align: "end",
    wideOnly: true,
    cell: ({ assessment }) =>
      assessment &&
      (assessment.sessions > 0
        ? `${formatCount(assessment.refusedSessions)} of ${formatCount(assessment.sessions)}`
        : "No reports"),
  },
  {
    title: "Mail hosts",
    align: "end",
    wideOnly: true,
    cell: ({ assessment }) => assessment && `${assessment.hostsGood} of ${assessment.hosts} good`,
  },
];

const VERDICTS = {
  safe: <Status tone="good">Safe</Status>,
  advise: <Status tone="notice">Safe, with advice</Status>,
  untested: <Status tone="idle">Tested at its turn</Status>,
  stop: <Status tone="bad">Would hold back mail</Status>,
};

const VERDICT: Column<Line> = {
  title: "Verdict",
  cell: ({ assessment }) => assessment && VERDICTS[assessment.verdict],
};

const REFUSED: readonly Column<Line>[] = [
  ...DOMAIN,
  ...ASSESSED,
  { title: "Why", cell: ({ reason }) => reason },
];

const OTHERS: readonly Column<Line>[] = [
  ...DOMAIN,
  CHANGE,
  VERDICT,
  ...ASSESSED,
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
