import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { MeView, PasskeyListView } from "../../api/contract.ts";
import {
  addPasskey,
  knowsPasskeys,
  passkeysQuery,
  removePasskey,
  renamePasskey,
} from "../../api/passkeys.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { Button } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { Text } from "../../ui/Text.tsx";

type Passkey = PasskeyListView["items"][number];
type Doing = { what: "add" } | { what: "change" | "remove"; passkey: Passkey };

const HINT = "Signs you in with your fingerprint, face or PIN: no password, no code. Counts as two factors.";

/** One's own passkeys. */
export function PasskeysPanel({ me }: { me: MeView }) {
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  if (me.signIn.by === "sso") {
    return (
      <Panel title="Your passkeys" hint={HINT}>
        <Text>You came by single sign-on. Sign in with your password to add or see passkeys.</Text>
      </Panel>
    );
  }
  return (
    <Panel
      flush
      title="Your passkeys"
      hint={HINT}
      actions={
        <Button
          icon="plus"
          disabledReason={knowsPasskeys() ? undefined : "This browser knows no passkeys."}
          onClick={() => setDoing({ what: "add" })}
        >
          Add a passkey
        </Button>
      }
    >
      <QueryBoundary height={120}>
        <Passkeys onDo={setDoing} />
      </QueryBoundary>
      {doing?.what === "add" && <AddPasskey onClose={close} />}
      {doing?.what === "change" && (
        <ChangePasskey
          passkey={doing.passkey}
          onRemove={() => setDoing({ what: "remove", passkey: doing.passkey })}
          onClose={close}
        />
      )}
      {doing?.what === "remove" && <RemovePasskey passkey={doing.passkey} onClose={close} />}
    </Panel>
  );
}

function Passkeys({ onDo }: { onDo: (doing: Doing) => void }) {
  const { data } = useSuspenseQuery(passkeysQuery);
  if (data.items.length === 0) {
    return (
      <EmptyState
        minHeight={120}
        title="No passkey yet"
        body="Add one on each device you use, or one that your password manager carries along."
      />
    );
  }
  const columns: readonly Column<Passkey>[] = [
    ...COLUMNS,
    {
      title: "Actions",
      align: "end",
      cell: (passkey) => (
        <Button
          small
          look="quiet"
          aria-label={`Change ${passkey.name}`}
          onClick={() => onDo({ what: "change", passkey })}
        >
          Change
        </Button>
      ),
    },
  ];
  return <Table caption="Your passkeys" columns={columns} rows={data.items} rowKey={(row) => row.id} />;
}

const COLUMNS: readonly Column<Passkey>[] = [
  { title: "Name", cell: (row) => row.name },
  { title: "Added", cell: (row) => (row.createdAt ? <Instant at={row.createdAt} /> : "–") },
  {
    title: "Kept",
    wideOnly: true,
    cell: (row) => (row.isSynced ? "By a password manager" : "On one device"),
  },
];

function AddPasskey({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const queryClient = useQueryClient();
  const add = useMutation({
    mutationFn: () => addPasskey(name.trim() || "Passkey"),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries();
    },
  });
  return (
    <FormDialog title="Add a passkey" submit="Continue" sending={add} onClose={onClose}>
      <Text>Your browser asks next where to keep it.</Text>
      <TextField label="Name" placeholder="work laptop" autoFocus value={name} onChange={setName} />
    </FormDialog>
  );
}

type ChangeProps = { passkey: Passkey; onRemove: () => void; onClose: () => void };

function ChangePasskey({ passkey, onRemove, onClose }: ChangeProps) {
  const [name, setName] = useState(passkey.name);
  const queryClient = useQueryClient();
  const rename = useMutation({
    mutationFn: () => renamePasskey({ id: passkey.id, name: name.trim() || passkey.name }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: passkeysQuery.queryKey });
    },
  });
  return (
    <FormDialog title={`Passkey “${passkey.name}”`} submit="Save" sending={rename} onClose={onClose}>
      <TextField label="Name" autoFocus value={name} onChange={setName} />
      <div>
        <Button look="danger" onClick={onRemove}>
          Remove this passkey…
        </Button>
      </div>
    </FormDialog>
  );
}

function RemovePasskey({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removePasskey(passkey.id),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries();
    },
  });
  return (
    <FormDialog
      title={`Remove the passkey “${passkey.name}”?`}
      submit="Remove it"
      look="danger"
      sending={remove}
      onClose={onClose}
    >
      <Text>It can't be used to sign in any more, and your other devices are signed out.</Text>
    </FormDialog>
  );
}
