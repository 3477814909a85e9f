import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addChannel, channelsQuery } from "../../api/alerts.ts";
import { ApiError } from "../../api/client.ts";
import type { ChannelKind } from "../../api/contract.ts";
import { CopyText } from "../../ui/CopyText.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Text } from "../../ui/Text.tsx";
import { ChannelTakes, type Takes } from "./ChannelTakes.tsx";

/** The kinds as people call them. */
export const KIND_NAMES: Record<ChannelKind, string> = {
  mail: "Mail",
  webhook: "Webhook",
  slack: "Slack",
  teams: "Microsoft Teams",
  discord: "Discord",
  pagerduty: "PagerDuty",
};

const KINDS: readonly ChannelKind[] = ["webhook", "slack", "teams", "discord", "pagerduty", "mail"];
const TARGETS: Record<ChannelKind, { label: string; hint: string }> = {
  webhook: { label: "Address", hint: "An https address of yours. Messages are signed (Standard Webhooks)." },
  slack: { label: "Webhook address", hint: "From Slack: an app with an incoming webhook." },
  teams: {
    label: "Workflow address",
    hint: "From Teams: the workflow “Post to a channel when a webhook request is received”.",
  },
  discord: {
    label: "Webhook address",
    hint: "From Discord: the channel's settings, Integrations, Webhooks.",
  },
  pagerduty: {
    label: "Integration key",
    hint: "From PagerDuty: a service with an Events API v2 integration.",
  },
  mail: {
    label: "Email address",
    hint: "Its owner confirms it first. Choose one whose mail does not depend on your domains.",
  },
};

/** Adds a channel; the secret of a webhook is shown afterwards, once. */
export function AddChannelDialog({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<ChannelKind>("webhook");
  const [name, setName] = useState("");
  const [target, setTarget] = useState("");
  const [takes, setTakes] = useState<Takes>({ minSeverity: "warning", match: {} });
  const queryClient = useQueryClient();
  const add = useMutation({
    mutationFn: (_, scope) =>
      addChannel(
        {
          ...{ kind, name: name.trim() || KIND_NAMES[kind], target: target.trim() },
          ...takes,
        },
        scope,
      ),
    onSuccess: async (added) => {
      await queryClient.invalidateQueries({ queryKey: channelsQuery.queryKey });
      if (added.secret === null) onClose();
    },
  });
  if (add.data?.secret) {
    return (
      <Dialog opened title="The secret of your webhook" onClose={onClose}>
        <Stack gap={3}>
          <Notice tone="notice" title="Copy it now; it is shown only this once." />
          <CopyText value={add.data.secret} name="secret" />
          <Text tone="soft">Your program checks with it that a message is from us.</Text>
        </Stack>
      </Dialog>
    );
  }
  const problem = add.error instanceof ApiError ? add.error.problemWith("target") : undefined;
  return (
    <FormDialog
      title="Add a channel"
      submit="Add channel"
      sending={problem ? { ...add, error: null } : add}
      onClose={onClose}
    >
      <SelectField
        label="Kind"
        value={kind}
        options={KINDS.map((value) => ({ value, label: KIND_NAMES[value] }))}
        onChange={(value) => setKind(KINDS.find((known) => known === value) ?? "webhook")}
      />
      <TextField
        label={TARGETS[kind].label}
        hint={TARGETS[kind].hint}
        error={problem && `This ${problem}.`}
        autoFocus
        value={target}
        onChange={setTarget}
      />
      <TextField label="Name" placeholder={KIND_NAMES[kind]} value={name} onChange={setName} />
      <ChannelTakes value={takes} onChange={setTakes} />
    </FormDialog>
  );
}
