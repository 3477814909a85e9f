import { useMutation, useQueryClient, useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { AccountFile } from "../../api/AccountFile.tsx";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { QuarantineView, ReparseView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { quarantineQuery, rawMessagePath, reparseMessage } from "../../api/reports.ts";
import { formatBytes } from "../../format/counts.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { ReparseAll } from "./ReparseAll.tsx";
import styles from "./ResultPanel.module.css";
import { TRANSPORT_WORDS } from "./report-words.ts";

/** What arrived but could not be used, and why. */
export function QuarantinePage() {
  return (
    <>
      <PageHeader
        title="Quarantine"
        lead="Messages we received but could not read as a TLS report. Nothing is lost: each can be reprocessed."
      />
      <Panel flush title="Messages">
        <QueryBoundary height={320}>
          <Messages />
        </QueryBoundary>
      </Panel>
    </>
  );
}

function Messages() {
  const queryClient = useQueryClient();
  const query = useSuspenseInfiniteQuery(quarantineQuery);
  const reparse = useMutation({
    mutationFn: reparseMessage,
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["quarantine"] }),
        queryClient.invalidateQueries({ queryKey: ["tls-reports"] }),
      ]),
  });
  const rows = query.data.pages.flatMap((page) => page.items);
  return (
    <Stack gap={3}>
      <ReparseAll isEmpty={rows.length === 0} />
      {reparse.data && <Outcome outcome={reparse.data} />}
      <ErrorNotice error={reparse.error} />
      {rows.length === 0 ? (
        <EmptyState
          minHeight={320}
          title="Nothing in quarantine"
          body="Everything that arrived could be read."
        />
      ) : (
        <Table
          caption="Messages in quarantine"
          columns={[
            ...COLUMNS,
            actionsColumn(reparse.mutate, reparse.isPending ? reparse.variables : undefined),
          ]}
          rows={rows}
          rowKey={(row) => row.id}
          more={query}
        />
      )}
    </Stack>
  );
}

function Outcome({ outcome }: { outcome: ReparseView }) {
  if (outcome.state === "processed")
    return <Notice tone="good" live title="The message could be read; its reports are counted." />;
  if (outcome.state === "duplicate")
    return <Notice tone="good" live title="The message is a copy of a report that is already counted." />;
  return (
    <Notice tone="notice" live title="The message still cannot be used">
      {outcome.title}
    </Notice>
  );
}

const COLUMNS: readonly Column<QuarantineView>[] = [
  {
    title: "What it is and what to do",
    cell: (row) => (
      <>
        <strong className={styles.name}>{row.title}</strong>
        <div className={styles.meaning}>{row.detail}</div>
        <div className={styles.meaning}>{row.nextStep}</div>
        <div className={styles.addresses}>
          Received <Instant at={row.receivedAt} exact />
        </div>
      </>
    ),
  },
  {
    title: "From",
    wideOnly: true,
    cell: (row) => (
      <>
        {row.envelopeFrom ?? row.remoteAddress ?? "Unknown"}
        <div className={styles.addresses}>
          {formatBytes(row.sizeBytes)}, {TRANSPORT_WORDS[row.transport]}
        </div>
      </>
    ),
  },
];

function actionsColumn(retry: (id: string) => void, busyId: string | undefined): Column<QuarantineView> {
  return {
    title: "Actions",
    align: "end",
    cell: (row) => (
      <Row>
        <ActionButton
          needs="reports.change"
          hideDenied
          small
          busy={busyId === row.id}
          onClick={() => retry(row.id)}
        >
          Reprocess
        </ActionButton>
        <AccountFile className={buttonClass("quiet", true)} path={rawMessagePath(row.id)}>
          Original
        </AccountFile>
      </Row>
    ),
  };
}
