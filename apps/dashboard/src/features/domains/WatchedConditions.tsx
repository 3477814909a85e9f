import { useSuspenseQuery } from "@tanstack/react-query";
import type { AlertExplanationView } from "../../api/contract.ts";
import { conditionsQuery } from "../../api/domains.ts";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Status, type Tone } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { Text } from "../../ui/Text.tsx";

type Item = AlertExplanationView["items"][number];

const STATES: Record<Item["state"], { word: string; tone: Tone }> = {
  open: { word: "Alert", tone: "bad" },
  pending: { word: "Pending", tone: "notice" },
  clear: { word: "OK", tone: "good" },
  unknown: { word: "Unknown", tone: "idle" },
  off: { word: "Not watched", tone: "idle" },
};

const COLUMNS: readonly Column<Item>[] = [
  {
    title: "State",
    cell: ({ state }) => <Status tone={STATES[state].tone}>{STATES[state].word}</Status>,
  },
  {
    title: "What is watched",
    cell: ({ title, subject, why, looked, lookedAt }) => (
      <Stack gap={1}>
        <span>{subject ? `${title}: ${subject}` : title}</span>
        <Text small>{why}</Text>
        {looked && (
          <Text tone="faint" small>
            {looked}{" "}
            {lookedAt && (
              <>
                Looked at <Instant at={lookedAt} />.
              </>
            )}
          </Text>
        )}
      </Stack>
    ),
  },
  {
    title: "Alert when",
    wideOnly: true,
    cell: ({ threshold }) => (
      <Text tone="soft" small>
        {threshold}
      </Text>
    ),
  },
];

/** Everything that is watched of a domain, and why it is or is not an alert. */
export function WatchedConditions({ domainId }: { domainId: string }) {
  const { data } = useSuspenseQuery(conditionsQuery(domainId));
  return (
    <Table
      caption="What is watched"
      columns={COLUMNS}
      rows={data.items}
      rowKey={({ condition, subject }) => `${condition} ${subject}`}
    />
  );
}
