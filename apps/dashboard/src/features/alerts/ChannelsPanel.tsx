import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { changeChannel, channelsQuery, removeChannel, rotateSecret, testChannel } from "../../api/alerts.ts";
import type { ChannelView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { Button } from "../../ui/Button.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status, type Tone } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { Text } from "../../ui/Text.tsx";
import { AddChannelDialog, KIND_NAMES } from "./AddChannelDialog.tsx";
import { ChangeChannelDialog } from "./ChangeChannelDialog.tsx";
import { describeTakes } from "./ChannelTakes.tsx";
import { DeliveriesDialog } from "./DeliveriesDialog.tsx";

/** Where alerts go besides mailboxes of members. */
export function ChannelsPanel() {
  const [isAdding, setIsAdding] = useState(false);
  return (
    <Panel
      flush
      title="Channels"
      hint="Alerts also go to chat services, webhooks and further mail addresses."
      actions={
        <ActionButton needs="alerts.manage" icon="plus" onClick={() => setIsAdding(true)}>
          Add a channel
        </ActionButton>
      }
    >
      <QueryBoundary height={180}>
        <Channels />
      </QueryBoundary>
      {isAdding && <AddChannelDialog onClose={() => setIsAdding(false)} />}
    </Panel>
  );
}

function Channels() {
  const { data } = useSuspenseQuery(channelsQuery);
  const [opened, setOpened] = useState<ChannelView>();
  const columns: readonly Column<ChannelView>[] = [
    { title: "Channel", cell: ({ name }) => name },
    { title: "Kind", wideOnly: true, cell: ({ kind }) => KIND_NAMES[kind] },
    { title: "Address", wideOnly: true, cell: ({ target }) => target },
    { title: "Gets", wideOnly: true, cell: describeTakes },
    { title: "State", cell: ({ state }) => <Status tone={STATES[state].tone}>{STATES[state].word}</Status> },
    {
      title: "Last delivery",
      wideOnly: true,
      cell: ({ deliveredAt }) => (deliveredAt ? <Instant at={deliveredAt} /> : "Never"),
    },
    {
      title: "Actions",
      align: "end",
      cell: (row) => (
        <Button small look="quiet" aria-label={`Open ${row.name}`} onClick={() => setOpened(row)}>
          Open
        </Button>
      ),
    },
  ];
  return (
    <>
      {data.hint && (
        <Notice tone="notice" title="Who hears of broken mail?">
          {data.hint}
        </Notice>
      )}
      {data.items.length === 0 ? (
        <EmptyState
          minHeight={180}
          title="No channel yet"
          body="Mails go to owners and admins. Add a channel to be notified elsewhere too."
        />
      ) : (
        <Table caption="Channels" columns={columns} rows={data.items} rowKey={({ id }) => id} />
      )}
      {opened && (
        <ChannelDialog
          channel={data.items.find(({ id }) => id === opened.id) ?? opened}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}

const STATES: Record<ChannelView["state"], { word: string; tone: Tone }> = {
  active: { word: "On", tone: "good" },
  unverified: { word: "Not confirmed", tone: "notice" },
  failing: { word: "Failing", tone: "bad" },
  disabled: { word: "Off", tone: "idle" },
};

type ChannelProps = { channel: ChannelView; onClose: () => void };

/** One channel: its problem, a test, its secret and its deliveries. */
function ChannelDialog({ channel, onClose }: ChannelProps) {
  const [isLogOpen, setIsLogOpen] = useState(false);
  const [isChanging, setIsChanging] = useState(false);
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: channelsQuery.queryKey });
  const test = useMutation({
    mutationFn: (_, scope) => testChannel(channel.id, scope),
    onSettled: onSuccess,
  });
  const rotate = useMutation({ mutationFn: (_, scope) => rotateSecret(channel.id, scope), onSuccess });
  const turn = useMutation({
    mutationFn: (isEnabled: boolean, scope) => changeChannel(channel.id, { isEnabled }, scope),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (_, scope) => removeChannel(channel.id, scope),
    onSuccess: async () => {
      await onSuccess();
      onClose();
    },
  });
  if (isChanging) return <ChangeChannelDialog channel={channel} onClose={() => setIsChanging(false)} />;
  if (isLogOpen) return <DeliveriesDialog channel={channel} onClose={() => setIsLogOpen(false)} />;
  return (
    <Dialog opened title={channel.name} onClose={onClose}>
      <Stack gap={3}>
        <Text tone="soft">{`${KIND_NAMES[channel.kind]}, ${channel.target}`}</Text>
        {channel.state === "unverified" && (
          <Notice tone="notice" title="This address is not confirmed yet.">
            Open the link in the mail that was sent to it.
          </Notice>
        )}
        {channel.problem && (
          <Notice tone="bad" title="The last message was not delivered.">
            {channel.problem}
          </Notice>
        )}
        {test.data && (
          <Notice tone={test.data.ok ? "good" : "bad"} title={test.data.ok ? "Sent." : "Not delivered."} live>
            {test.data.detail}
          </Notice>
        )}
        {rotate.data && (
          <>
            <Notice tone="notice" title="Copy the new secret now; it is shown only this once." live>
              The old one also signs messages for one more day.
            </Notice>
            <CopyText value={rotate.data.secret} name="secret" />
          </>
        )}
        <Row>
          <ActionButton
            needs="alerts.manage"
            hideDenied
            look="primary"
            busy={test.isPending}
            onClick={() => test.mutate()}
          >
            Send a test
          </ActionButton>
          {channel.hasSecret && (
            <ActionButton
              needs="alerts.manage"
              hideDenied
              busy={rotate.isPending}
              onClick={() => rotate.mutate()}
            >
              New secret
            </ActionButton>
          )}
          <ActionButton
            needs="alerts.manage"
            hideDenied
            busy={turn.isPending}
            onClick={() => turn.mutate(channel.state === "disabled")}
          >
            {channel.state === "disabled" ? "Turn on" : "Turn off"}
          </ActionButton>
          <ActionButton
            needs="alerts.manage"
            hideDenied
            look="danger"
            busy={remove.isPending}
            onClick={() => remove.mutate()}
          >
            Remove
          </ActionButton>
        </Row>
        <Row>
          <ActionButton needs="alerts.manage" hideDenied look="quiet" onClick={() => setIsChanging(true)}>
            Change what it gets
          </ActionButton>
          <Button look="quiet" onClick={() => setIsLogOpen(true)}>
            Deliveries
          </Button>
        </Row>
        <ErrorNotice error={test.error ?? rotate.error ?? turn.error ?? remove.error} />
      </Stack>
    </Dialog>
  );
}
