import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { meQuery } from "../../api/account.ts";
import type { MonthlyRecipientView } from "../../api/contract.ts";
import { customersQuery } from "../../api/customers.ts";
import {
  addMonthlyRecipient,
  monthlyRecipientsQuery,
  removeMonthlyRecipient,
  setMonthlyToCustomers,
} from "../../api/monthly-report.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Inset } from "../../ui/Inset.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status, type Tone } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { Text } from "../../ui/Text.tsx";

/** Who gets the monthly report by mail, and whether customers get theirs. */
export function MonthlyMailPanel() {
  const [isAdding, setIsAdding] = useState(false);
  return (
    <Panel
      flush
      title="Monthly report by mail"
      hint={
        <>
          On the third of each month, about the month before.{" "}
          <Link to={paths.monthlyReport()}>See the report</Link>
        </>
      }
      actions={
        <ActionButton needs="alerts.manage" icon="plus" onClick={() => setIsAdding(true)}>
          Add a recipient
        </ActionButton>
      }
    >
      <QueryBoundary height={120}>
        <Recipients />
      </QueryBoundary>
      {isAdding && <AddDialog onClose={() => setIsAdding(false)} />}
    </Panel>
  );
}

function Recipients() {
  const { data } = useSuspenseQuery(monthlyRecipientsQuery);
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string, scope) => removeMonthlyRecipient(id, scope),
    onSuccess: () => client.invalidateQueries({ queryKey: monthlyRecipientsQuery.queryKey }),
  });
  return (
    <>
      {data.items.length === 0 ? (
        <EmptyState title="No recipient" body="The report is mailed to no one yet." />
      ) : (
        <Table
          caption="Recipients of the monthly report"
          columns={[...COLUMNS, removeColumn((id) => remove.mutate(id))]}
          rows={data.items}
          rowKey={({ id }) => id}
        />
      )}
      <ErrorNotice error={remove.error} />
      <ToCustomers isOn={data.toCustomers} />
    </>
  );
}

/** Nothing without customers. */
function ToCustomers({ isOn }: { isOn: boolean }) {
  const { data: me } = useQuery(meQuery);
  const { data: customers } = useQuery({ ...customersQuery(), enabled: me !== undefined && !me?.provider });
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (_, scope) => setMonthlyToCustomers(!isOn, scope),
    onSuccess: (after) => client.setQueryData(monthlyRecipientsQuery.queryKey, after),
  });
  if (!customers || (customers.items.length === 0 && !isOn)) return null;
  return (
    <Inset ruled>
      <Stack gap={2}>
        <Row>
          <Status tone={isOn ? "good" : "idle"}>{isOn ? "On" : "Off"}</Status>
          <Text>
            The owners of each customer get that customer's report, in your name and with your logo.
          </Text>
          <ActionButton
            needs="customers.manage"
            small
            aria-label={isOn ? "Stop reports to customers" : "Send reports to customers"}
            busy={change.isPending}
            onClick={() => change.mutate()}
          >
            {isOn ? "Turn off" : "Turn on"}
          </ActionButton>
        </Row>
        <ErrorNotice error={change.error} />
      </Stack>
    </Inset>
  );
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState("");
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: (_, scope) => addMonthlyRecipient(email.trim(), scope),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: monthlyRecipientsQuery.queryKey });
    },
  });
  return (
    <FormDialog title="Mail the monthly report to" submit="Add recipient" sending={add} onClose={onClose}>
      <TextField
        label="Email address"
        type="email"
        autoFocus
        value={email}
        hint="Members get it at once. Other people are asked to confirm first."
        onChange={setEmail}
      />
    </FormDialog>
  );
}

const STATES = {
  asked: { tone: "waiting", word: "Waiting for confirmation" },
  active: { tone: "good", word: "On" },
  stopped: { tone: "idle", word: "Stopped by its owner" },
} satisfies Record<MonthlyRecipientView["state"], { tone: Tone; word: string }>;

const COLUMNS: readonly Column<MonthlyRecipientView>[] = [
  { title: "Address", cell: ({ email }) => email },
  { title: "State", cell: ({ state }) => <Status tone={STATES[state].tone}>{STATES[state].word}</Status> },
  {
    title: "Next report",
    wideOnly: true,
    cell: ({ nextAt }) => (nextAt ? <Instant at={nextAt} exact /> : "–"),
  },
  { title: "Added by", wideOnly: true, cell: ({ createdBy }) => createdBy },
];

/** One that its owner stopped stays in the list, so that it is not added again by mistake. */
function removeColumn(remove: (id: string) => void): Column<MonthlyRecipientView> {
  return {
    title: "Remove",
    align: "end",
    cell: ({ id, email, state }) =>
      state === "stopped" ? null : (
        <ActionButton
          needs="alerts.manage"
          hideDenied
          small
          aria-label={`Remove ${email}`}
          onClick={() => remove(id)}
        >
          Remove
        </ActionButton>
      ),
  };
}
