import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { type ApiKeyScope, mayDo, type Role } from "@waxseal/contract/permissions";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { apiKeysQuery, createApiKey, deleteApiKey } from "../../api/account.ts";
import type { ApiKeyListView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { KEY_SCOPE_OPTIONS, KEY_SCOPES, readKeyScope } from "../../format/key-scopes.ts";
import { CopyText } from "../../ui/CopyText.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Form } from "../../ui/Form.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { Text } from "../../ui/Text.tsx";

type ApiKey = ApiKeyListView["items"][number];

export function ApiKeysPanel({ role }: { role: Role }) {
  const [isAdding, setIsAdding] = useState(false);
  return (
    <Panel
      flush
      title="API keys"
      hint={
        <>
          For scripts and the command line, sent as <code>Authorization: Bearer …</code>. The API is described
          at <a href="/api/docs">/api/docs</a>. A key ends when its maker leaves the account or gets a role
          with fewer rights than the key.
        </>
      }
      actions={
        <ActionButton needs="apiKeys.manage" icon="plus" onClick={() => setIsAdding(true)}>
          Create an API key
        </ActionButton>
      }
    >
      <QueryBoundary height={160}>
        <Keys role={role} />
      </QueryBoundary>
      {isAdding && <CreateKey onClose={() => setIsAdding(false)} />}
    </Panel>
  );
}

function Keys({ role }: { role: Role }) {
  const { data } = useSuspenseQuery(apiKeysQuery);
  const [doomed, setDoomed] = useState<ApiKey>();
  if (data.items.length === 0) {
    return (
      <EmptyState
        minHeight={160}
        title="No API key yet"
        body="Create one to add domains or read reports from a script."
      />
    );
  }
  return (
    <>
      <Table
        caption="API keys"
        columns={mayDo(role, "apiKeys.manage") ? [...COLUMNS, deleteColumn(setDoomed)] : COLUMNS}
        rows={data.items}
        rowKey={(row) => row.id}
      />
      {doomed && <ConfirmDelete apiKey={doomed} onClose={() => setDoomed(undefined)} />}
    </>
  );
}

const COLUMNS: readonly Column<ApiKey>[] = [
  { title: "Name", cell: (row) => row.name },
  { title: "Starts with", wideOnly: true, cell: (row) => (row.start ? <code>{row.start}…</code> : "–") },
  { title: "Permissions", cell: (row) => KEY_SCOPES[row.scope] },
  { title: "Made by", wideOnly: true, cell: (row) => row.createdBy?.name ?? "Unknown" },
  { title: "Last used", cell: (row) => (row.lastUsedAt ? <Instant at={row.lastUsedAt} /> : "Never") },
  {
    title: "Expires",
    wideOnly: true,
    cell: (row) => (row.expiresAt ? <Instant at={row.expiresAt} exact /> : "Never"),
  },
];

function deleteColumn(choose: (apiKey: ApiKey) => void): Column<ApiKey> {
  return {
    title: "Actions",
    align: "end",
    cell: (row) => (
      <ActionButton
        needs="apiKeys.manage"
        hideDenied
        small
        look="quiet"
        aria-label={`Delete ${row.name}`}
        onClick={() => choose(row)}
      >
        Delete
      </ActionButton>
    ),
  };
}

function ConfirmDelete({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: (_, scope) => deleteApiKey(apiKey.id, scope),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    },
  });
  return (
    <Dialog
      opened
      title={`Delete the key “${apiKey.name}”?`}
      onClose={onClose}
      action={
        <ActionButton
          needs="apiKeys.manage"
          look="danger"
          busy={remove.isPending}
          onClick={() => remove.mutate()}
        >
          Delete key
        </ActionButton>
      }
    >
      <Text>Whatever uses it is refused from now on. This cannot be undone.</Text>
      <ErrorNotice error={remove.error} />
    </Dialog>
  );
}

const LIFETIMES = [
  { value: "", label: "Never expires" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
];

function CreateKey({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [scope, setScope] = useState<ApiKeyScope>("read");
  const [days, setDays] = useState("");
  const [wasSent, setWasSent] = useState(false);
  const queryClient = useQueryClient();
  const create = useMutation({
    mutationFn: (_, { client }) =>
      createApiKey({ name: name.trim(), scope, ...(days && { expiresInDays: Number(days) }) }, { client }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
  if (create.data) {
    return (
      <Dialog opened title="Your new API key" onClose={onClose}>
        <Stack gap={3}>
          <Notice tone="notice" title="Copy it now; it is shown only this once." />
          <CopyText value={create.data.key} name="API key" />
        </Stack>
      </Dialog>
    );
  }
  const send = () => {
    setWasSent(true);
    if (name.trim() && !create.isPending) create.mutate();
  };
  return (
    <Dialog
      opened
      title="Create an API key"
      onClose={onClose}
      action={
        <ActionButton
          needs="apiKeys.manage"
          type="submit"
          form="create-api-key"
          look="primary"
          busy={create.isPending}
        >
          Create key
        </ActionButton>
      }
    >
      <Form id="create-api-key" onSend={send}>
        <Stack gap={3}>
          <TextField
            label="Name"
            placeholder="nightly export"
            autoFocus
            value={name}
            error={wasSent && !name.trim() ? "Give it a name." : undefined}
            onChange={setName}
          />
          <SelectField
            label="May"
            value={scope}
            options={KEY_SCOPE_OPTIONS}
            onChange={(value) => setScope(readKeyScope(value))}
          />
          <SelectField label="Expires" value={days} options={LIFETIMES} onChange={setDays} />
          <ErrorNotice error={create.error} />
        </Stack>
      </Form>
    </Dialog>
  );
}
