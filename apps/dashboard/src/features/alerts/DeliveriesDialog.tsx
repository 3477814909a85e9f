import { useQuery } from "@tanstack/react-query";
import { deliveriesQuery } from "../../api/alerts.ts";
import type { ChannelView, DeliveryListView } from "../../api/contract.ts";
import { formatCountOf } from "../../format/counts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";

type Delivery = DeliveryListView["items"][number];

/** The attempts to reach a channel in the last 30 days. */
export function DeliveriesDialog({ channel, onClose }: { channel: ChannelView; onClose: () => void }) {
  const { data, error } = useQuery(deliveriesQuery(channel.id));
  return (
    <Dialog opened title={`Deliveries to ${channel.name}`} onClose={onClose}>
      <Stack gap={3}>
        {data && data.heldBack > 0 && (
          <Notice tone="notice" title={`${formatCountOf(data.heldBack, "message")} held back in 24 hours`}>
            More than 20 messages an hour are combined into one.
          </Notice>
        )}
        {!data && !error && <Skeleton height={160} />}
        {data?.items.length === 0 && (
          <EmptyState title="Nothing sent yet" body="Send a test to see whether messages arrive." />
        )}
        {data && data.items.length > 0 && (
          <Table caption="Deliveries" columns={COLUMNS} rows={data.items} rowKey={({ id }) => id} stacked />
        )}
        <ErrorNotice error={error} />
      </Stack>
    </Dialog>
  );
}

const COLUMNS: readonly Column<Delivery>[] = [
  { title: "When", cell: ({ at }) => <Instant at={at} exact /> },
  { title: "Message", cell: ({ summary }) => summary ?? "–" },
  {
    title: "Result",
    cell: ({ ok, detail }) =>
      ok ? <Status tone="good">Delivered</Status> : <Status tone="bad">{detail ?? "Not delivered"}</Status>,
  },
];
