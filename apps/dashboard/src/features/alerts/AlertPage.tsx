import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { mayDo } from "@waxseal/contract/permissions";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { meQuery } from "../../api/account.ts";
import { acknowledgeIncident, incidentQuery, noteIncident, snoozeIncident } from "../../api/alerts.ts";
import type { IncidentDetailView } from "../../api/contract.ts";
import { stateOf } from "../../api/severity-words.ts";
import { paths } from "../../paths.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { Text } from "../../ui/Text.tsx";
import { TextAreaField } from "../../ui/TextAreaField.tsx";

type Domain = IncidentDetailView["domains"][number];
type Message = IncidentDetailView["messages"][number];

/** One cause: what it means, who has to do what, its domains, and who heard of it. */
export function AlertPage() {
  const { incidentId = "" } = useParams({ strict: false });
  const { data: incident } = useSuspenseQuery(incidentQuery(incidentId));
  const { word, tone } = stateOf(incident);
  return (
    <>
      <PageHeader
        title={incident.title}
        above={
          <Link to={paths.alerts()}>
            <Icon name="back" size={14} />
            Alerts
          </Link>
        }
      />
      <Stack>
        <Panel title="What is wrong" actions={<Status tone={tone}>{word}</Status>}>
          <Stack gap={3}>
            <Text>{incident.text}</Text>
            {incident.state === "open" && (
              <Text>
                <strong>Action needed:</strong> {incident.action}
              </Text>
            )}
            <Facts
              items={{
                Since: <Instant at={incident.openedAt} exact />,
                Until: incident.resolvedAt && <Instant at={incident.resolvedAt} exact />,
                "Acknowledged by": incident.acknowledgedBy,
                "Snoozed until": incident.snoozedUntil && <Instant at={incident.snoozedUntil} exact />,
                Note: incident.note,
              }}
            />
            <Actions incident={incident} />
          </Stack>
        </Panel>
        {incident.domains.length > 0 && (
          <Panel flush title="Domains">
            <Table
              caption="Domains"
              columns={DOMAIN_COLUMNS}
              rows={incident.domains}
              rowKey={({ accountId, domain, condition, subject }) =>
                `${accountId} ${domain} ${condition} ${subject}`
              }
            />
          </Panel>
        )}
        <Panel flush title="Messages" hint="Who was notified, and what is still to be sent.">
          <Table
            caption="Messages"
            columns={MESSAGE_COLUMNS}
            rows={incident.messages}
            rowKey={({ id }) => id}
            stacked
          />
        </Panel>
      </Stack>
    </>
  );
}

const DAY_MS = 86_400_000;

function Actions({ incident }: { incident: IncidentDetailView }) {
  const { data: me } = useSuspenseQuery(meQuery);
  const queryClient = useQueryClient();
  const [isNoting, setIsNoting] = useState(false);
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ["incidents"] });
  const acknowledge = useMutation({
    mutationFn: (_, scope) => acknowledgeIncident(incident.id, scope),
    onSuccess,
  });
  const snooze = useMutation({
    mutationFn: (days: number, scope) => {
      const until = days === 0 ? null : new Date(Date.now() + days * DAY_MS).toISOString();
      return snoozeIncident(incident.id, until, scope);
    },
    onSuccess,
  });
  const rate = useMutation({
    mutationFn: (_, scope) => noteIncident(incident.id, { isNotUseful: !incident.isNotUseful }, scope),
    onSuccess,
  });
  if (!me || !mayDo(me.account.role, "alerts.acknowledge")) return null;
  const isOpen = incident.state === "open";
  return (
    <>
      <Row>
        {isOpen && !incident.acknowledgedAt && (
          <ActionButton
            needs="alerts.acknowledge"
            look="primary"
            busy={acknowledge.isPending}
            onClick={() => acknowledge.mutate()}
          >
            Acknowledge
          </ActionButton>
        )}
        {isOpen && incident.snoozedUntil === null && (
          <>
            <ActionButton needs="alerts.acknowledge" busy={snooze.isPending} onClick={() => snooze.mutate(1)}>
              Snooze for a day
            </ActionButton>
            <ActionButton needs="alerts.acknowledge" busy={snooze.isPending} onClick={() => snooze.mutate(7)}>
              Snooze for a week
            </ActionButton>
          </>
        )}
        {isOpen && incident.snoozedUntil !== null && (
          <ActionButton needs="alerts.acknowledge" busy={snooze.isPending} onClick={() => snooze.mutate(0)}>
            End snooze
          </ActionButton>
        )}
        <ActionButton needs="alerts.acknowledge" onClick={() => setIsNoting(true)}>
          {incident.note ? "Edit note" : "Add note"}
        </ActionButton>
        <ActionButton
          needs="alerts.acknowledge"
          look="quiet"
          busy={rate.isPending}
          onClick={() => rate.mutate()}
        >
          {incident.isNotUseful ? "It was useful" : "Not useful"}
        </ActionButton>
      </Row>
      {isOpen && (
        <Text tone="faint" small>
          After you acknowledge or snooze an alert, no reminders are sent. You still hear when it gets worse
          and when it is over.
        </Text>
      )}
      <ErrorNotice error={acknowledge.error ?? snooze.error ?? rate.error} />
      {isNoting && <NoteDialog incident={incident} onClose={() => setIsNoting(false)} />}
    </>
  );
}

function NoteDialog({ incident, onClose }: { incident: IncidentDetailView; onClose: () => void }) {
  const [note, setNote] = useState(incident.note ?? "");
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (_, scope) => noteIncident(incident.id, { note }, scope),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["incidents"] });
      onClose();
    },
  });
  return (
    <FormDialog title="Note" submit="Save note" sending={save} onClose={onClose}>
      <TextAreaField
        label="Note"
        hint="Later messages about this alert include it."
        value={note}
        onChange={setNote}
      />
    </FormDialog>
  );
}

const DOMAIN_COLUMNS: readonly Column<Domain>[] = [
  {
    title: "Domain",
    cell: ({ domainId, accountId, domain }) =>
      domainId ? (
        <Link to={paths.domain({ domainId })} params={{ account: accountId }}>
          {domain}
        </Link>
      ) : (
        domain
      ),
  },
  { title: "Customer", wideOnly: true, cell: ({ customer }) => customer ?? "–" },
  { title: "What was seen", wideOnly: true, cell: ({ text }) => text },
  {
    title: "State",
    cell: ({ resolvedAt }) =>
      resolvedAt ? <Status tone="good">Resolved</Status> : <Status tone="notice">Open</Status>,
  },
];

const KINDS: Partial<Record<Message["kind"], string>> = {
  opened: "New alert",
  worse: "Severity rose",
  changed: "More domains",
  reminder: "Reminder",
  resolved: "Resolved",
};

const MESSAGE_STATES: Record<Message["state"], string> = {
  waiting: "Not sent yet",
  sending: "Being sent",
  sent: "Sent",
  given_up: "Could not be sent",
  dropped: "Not needed",
};

const MESSAGE_COLUMNS: readonly Column<Message>[] = [
  { title: "To", cell: ({ to }) => to },
  { title: "About", cell: ({ kind }) => KINDS[kind] ?? "Message" },
  { title: "State", cell: ({ state }) => MESSAGE_STATES[state] },
  { title: "When", cell: ({ at, state }) => (state === "dropped" ? "–" : <Instant at={at} exact />) },
];
